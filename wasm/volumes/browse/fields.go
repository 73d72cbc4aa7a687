package browse

import "vhdscope/wasm/worker"

func (m *ChainRequest) Walk(f worker.Fields) { f.OpenFiles("files", &m.Files) }

func (m *Chain) Walk(f worker.Fields) { f.Int64("size", &m.Size) }

func (m *ScanRequest) Walk(f worker.Fields) { f.Int("first", &m.First) }

func (m *Layout) Walk(f worker.Fields) {
	f.String("scheme", &m.Scheme)
	f.Int64("sectorSize", &m.SectorSize)
	f.String("uuid", &m.UUID)
	f.List("parts", len(m.Parts), func(i int) worker.Message { return &m.Parts[i] })
	f.List("findings", len(m.Findings), func(i int) worker.Message { return &m.Findings[i] })
}

func (m *Part) Walk(f worker.Fields) {
	f.Int("index", &m.Index)
	f.Bool("gap", &m.Gap)
	f.String("type", &m.Type)
	f.String("typeId", &m.TypeID)
	f.String("label", &m.Label)
	f.String("uuid", &m.UUID)
	f.Int64("start", &m.Start)
	f.Int64("size", &m.Size)
	f.Strings("attributes", &m.Attributes)
	f.Bool("container", &m.Container)
	f.Bool("logical", &m.Logical)
	f.Int("depth", &m.Depth)
	f.String("problem", &m.Problem)
	f.String("content", &m.Content)
	f.String("contentLabel", &m.ContentLabel)
	f.String("contentUuid", &m.ContentUUID)
	f.Bool("browsable", &m.Browsable)
	f.String("contentProblem", &m.ContentProblem)
}

func (m *LayoutFinding) Walk(f worker.Fields) {
	f.String("severity", &m.Severity)
	f.String("message", &m.Message)
	f.Int64("offset", &m.Offset)
}

func (m *MountRequest) Walk(f worker.Fields) {
	f.Int64("start", &m.Start)
	f.Int64("size", &m.Size)
	f.String("codePage", &m.CodePage)
}

func (m *Mounted) Walk(f worker.Fields) {
	f.String("type", &m.Type)
	f.String("label", &m.Label)
	f.String("uuid", &m.UUID)
	f.Int64("cluster", &m.Cluster)
	f.Strings("notes", &m.Notes)
	f.Bool("remembers", &m.Remembers)
}

func (m *ListRequest) Walk(f worker.Fields) {
	f.String("path", &m.Path)
	f.Bool("deleted", &m.Deleted)
}

func (m *Listing) Walk(f worker.Fields) {
	f.Int("count", &m.Count)
	f.Bytes("names", &m.Names)
	f.Bytes("kinds", &m.Kinds)
	f.Bytes("sizes", &m.Sizes)
	f.Bytes("modified", &m.Modified)
	f.Bytes("created", &m.Created)
	f.Bytes("attribute", &m.Attribute)
	f.Strings("attributes", &m.Attributes)
	f.Bool("local", &m.Local)
	f.Strings("notes", &m.Notes)
}

func (m *StatRequest) Walk(f worker.Fields) { f.String("path", &m.Path) }

func (m *FileDetails) Walk(f worker.Fields) {
	f.String("path", &m.Path)
	f.String("name", &m.Name)
	f.String("kind", &m.Kind)
	f.Bool("deleted", &m.Deleted)
	f.Int64("size", &m.Size)
	f.Int64("allocated", &m.Allocated)
	f.Int("links", &m.Links)
	f.String("modified", &m.Modified)
	f.String("created", &m.Created)
	f.String("changed", &m.Changed)
	f.String("accessed", &m.Accessed)
	f.Bool("local", &m.Local)
	f.String("attributes", &m.Attributes)
	f.String("owner", &m.Owner)
	f.String("short", &m.Short)
	f.String("target", &m.Target)
	f.String("id", &m.ID)
	f.List("streams", len(m.Streams), func(i int) worker.Message { return &m.Streams[i] })
	f.String("problem", &m.Problem)
}

func (m *Stream) Walk(f worker.Fields) {
	f.String("name", &m.Name)
	f.Int64("size", &m.Size)
}

func (m *LayersRequest) Walk(f worker.Fields) { f.Strings("paths", &m.Paths) }

func (m *LayersList) Walk(f worker.Fields) {
	f.List("files", len(m.Files), func(i int) worker.Message { return &m.Files[i] })
}

func (m *LayersOf) Walk(f worker.Fields) {
	f.String("path", &m.Path)
	f.Ints("bytes", &m.Bytes)
	f.Int64("zeros", &m.Zeros)
	f.String("problem", &m.Problem)
}

func (m *MapRequest) Walk(f worker.Fields) { f.String("path", &m.Path) }

func (m *FileMap) Walk(f worker.Fields) {
	f.Int64("size", &m.Size)
	f.List("extents", len(m.Extents), func(i int) worker.Message { return &m.Extents[i] })
	f.Bool("more", &m.More)
}

func (m *FileExtent) Walk(f worker.Fields) {
	f.Int64("offset", &m.Offset)
	f.Int64("length", &m.Length)
	f.Int64("start", &m.Start)
	f.Int64("stored", &m.Stored)
}

func (m *LookRequest) Walk(f worker.Fields) {
	f.String("path", &m.Path)
	f.Int64("offset", &m.Offset)
	f.Int64("length", &m.Length)
}

func (m *SaveRequest) Walk(f worker.Fields) {
	f.Strings("paths", &m.Paths)
	f.Bool("zip", &m.Zip)
	f.String("base", &m.Base)
	f.Message("to", &m.To, true)
}

func (m *SavedFiles) Walk(f worker.Fields) {
	f.Message("saved", &m.Saved, true)
	f.Int("count", &m.Count)
	f.List("unread", len(m.Unread), func(i int) worker.Message { return &m.Unread[i] })
	f.Int("unreadCount", &m.UnreadCount)
	f.List("renamed", len(m.Renamed), func(i int) worker.Message { return &m.Renamed[i] })
	f.Int("renamedCount", &m.RenamedCount)
}

func (m *UnreadFile) Walk(f worker.Fields) {
	f.String("path", &m.Path)
	f.String("message", &m.Message)
}

func (m *RenamedFile) Walk(f worker.Fields) {
	f.String("path", &m.Path)
	f.String("name", &m.Name)
}

func (m *HashRequest) Walk(f worker.Fields) { f.Strings("paths", &m.Paths) }

func (m *Hashes) Walk(f worker.Fields) {
	f.List("files", len(m.Files), func(i int) worker.Message { return &m.Files[i] })
}

func (m *FileHash) Walk(f worker.Fields) {
	f.String("path", &m.Path)
	f.Int64("size", &m.Size)
	f.String("sha256", &m.SHA256)
	f.String("problem", &m.Problem)
}

func (m *SearchRequest) Walk(f worker.Fields) {
	f.String("pattern", &m.Pattern)
	f.Bool("case", &m.Case)
	f.String("path", &m.Path)
	f.Bool("deleted", &m.Deleted)
	f.Int("cursor", &m.Cursor)
}

func (m *Found) Walk(f worker.Fields) {
	f.Int("cursor", &m.Cursor)
	f.Bool("done", &m.Done)
	f.List("entries", len(m.Entries), func(i int) worker.Message { return &m.Entries[i] })
	f.Int64("looked", &m.Looked)
	f.Int64("problems", &m.Problems)
	f.String("problem", &m.Problem)
}

func (m *FoundEntry) Walk(f worker.Fields) {
	f.String("path", &m.Path)
	f.String("kind", &m.Kind)
	f.Bool("deleted", &m.Deleted)
	f.Int64("size", &m.Size)
	f.String("modified", &m.Modified)
}

func (m *OwnerRequest) Walk(f worker.Fields) { f.Int64("offset", &m.Offset) }

func (m *Owner) Walk(f worker.Fields) {
	f.List("files", len(m.Files), func(i int) worker.Message { return &m.Files[i] })
	f.Int("more", &m.More)
	f.String("structure", &m.Structure)
	f.Bool("known", &m.Known)
	f.Strings("notes", &m.Notes)
}

func (m *OwnerFile) Walk(f worker.Fields) {
	f.String("path", &m.Path)
	f.Int64("offset", &m.Offset)
	f.Int64("packed", &m.Packed)
	f.Int("links", &m.Links)
}

func (m *ChangesRequest) Walk(f worker.Fields) { f.Int("layer", &m.Layer) }

func (m *Changes) Walk(f worker.Fields) {
	f.List("files", len(m.Files), func(i int) worker.Message { return &m.Files[i] })
	f.List("elsewhere", len(m.Elsewhere), func(i int) worker.Message { return &m.Elsewhere[i] })
	f.Strings("notes", &m.Notes)
}

func (m *Change) Walk(f worker.Fields) {
	f.String("change", &m.Change)
	f.String("path", &m.Path)
	f.String("from", &m.From)
	f.String("kind", &m.Kind)
	f.Bool("content", &m.Content)
	f.Message("before", m.Before, m.Before != nil)
	f.Message("after", m.After, m.After != nil)
	f.List("ranges", len(m.Ranges), func(i int) worker.Message { return &m.Ranges[i] })
	f.Int64("rangesBytes", &m.RangesBytes)
	f.Strings("fields", &m.Fields)
	f.String("problem", &m.Problem)
}

func (m *Side) Walk(f worker.Fields) {
	f.Int64("size", &m.Size)
	f.String("modified", &m.Modified)
	f.String("attributes", &m.Attributes)
}

func (m *ChangedRegion) Walk(f worker.Fields) {
	f.String("name", &m.Name)
	f.Int64("start", &m.Start)
	f.Int64("length", &m.Length)
	f.Int64("bytes", &m.Bytes)
	f.List("runs", len(m.Runs), func(i int) worker.Message { return &m.Runs[i] })
}

func (m *TouchedRequest) Walk(f worker.Fields) {
	f.Int("layer", &m.Layer)
	f.Int64("start", &m.Start)
	f.Int64("length", &m.Length)
}

func (m *TouchedRuns) Walk(f worker.Fields) {
	f.Int64("bytes", &m.Bytes)
	f.List("runs", len(m.Runs), func(i int) worker.Message { return &m.Runs[i] })
	f.Bool("more", &m.More)
}
