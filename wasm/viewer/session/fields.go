package session

import "vhdscope/wasm/worker"

func (m *OpenRequest) Walk(f worker.Fields) { f.OpenFiles("files", &m.Files) }

func (m *CloseRequest) Walk(f worker.Fields) { f.Ints("files", &m.Files) }

func (m *PinRequest) Walk(f worker.Fields) {
	f.String("name", &m.Name)
	f.Any("file", &m.File)
}

func (m *Pinned) Walk(f worker.Fields) {
	f.Int64("size", &m.Size)
	f.String("etag", &m.ETag)
	f.Int64("modified", &m.Modified)
}

func (m *ChooseRequest) Walk(f worker.Fields) {
	f.Int("child", &m.Child)
	f.Int("parent", &m.Parent)
}

func (m *Forest) Walk(f worker.Fields) {
	f.List("files", len(m.Files), func(i int) worker.Message { return &m.Files[i] })
	f.List("disks", len(m.Disks), func(i int) worker.Message { return &m.Disks[i] })
}

func (m *FileInfo) Walk(f worker.Fields) {
	f.Int("key", &m.Key)
	f.String("name", &m.Name)
	f.Int64("size", &m.Size)
	f.String("kind", &m.Kind)
	f.Message("problem", m.Problem, m.Problem != nil)
	f.String("type", &m.Type)
	f.Int64("virtualSize", &m.VirtualSize)
	f.Int64("blockSize", &m.BlockSize)
	f.Int64("blocks", &m.Blocks)
	f.Int64("allocated", &m.Allocated)
	f.String("uuid", &m.UUID)
	f.String("parentUuid", &m.ParentUUID)
	f.List("parentNames", len(m.ParentNames), func(i int) worker.Message { return &m.ParentNames[i] })
	f.String("creator", &m.Creator)
	f.String("created", &m.Created)
	f.Int64("geometrySize", &m.GeometrySize)
	f.Message("findings", &m.Findings, true)
}

func (m *ParentName) Walk(f worker.Fields) {
	f.String("origin", &m.Origin)
	f.String("text", &m.Text)
}

func (m *FindingCounts) Walk(f worker.Fields) {
	f.Int("errors", &m.Errors)
	f.Int("warnings", &m.Warnings)
	f.Int("notes", &m.Notes)
}

func (m *DiskInfo) Walk(f worker.Fields) {
	f.Int("id", &m.ID)
	f.String("name", &m.Name)
	f.Int64("size", &m.Size)
	f.Bool("complete", &m.Complete)
	f.List("layers", len(m.Layers), func(i int) worker.Message { return &m.Layers[i] })
	f.Message("missing", m.Missing, m.Missing != nil)
}

func (m *LayerInfo) Walk(f worker.Fields) {
	f.Int("file", &m.File)
	f.String("name", &m.Name)
	f.String("state", &m.State)
	f.Bool("chosen", &m.Chosen)
	f.Strings("evidence", &m.Evidence)
	f.Bool("edit", &m.Edit)
}

func (m *Missing) Walk(f worker.Fields) {
	f.Int("child", &m.Child)
	f.String("reason", &m.Reason)
	f.String("message", &m.Message)
	f.String("uuid", &m.UUID)
	f.List("names", len(m.Names), func(i int) worker.Message { return &m.Names[i] })
	f.List("refused", len(m.Refused), func(i int) worker.Message { return &m.Refused[i] })
}

func (m *Refusal) Walk(f worker.Fields) {
	f.Int("file", &m.File)
	f.String("name", &m.Name)
	f.String("uuid", &m.UUID)
	f.String("reason", &m.Reason)
	f.Bool("usable", &m.Usable)
}

func (m *DetailsRequest) Walk(f worker.Fields) { f.Int("file", &m.File) }

func (m *Details) Walk(f worker.Fields) {
	f.List("structures", len(m.Structures), func(i int) worker.Message { return &m.Structures[i] })
	f.List("findings", len(m.Findings), func(i int) worker.Message { return &m.Findings[i] })
	f.Message("batmap", &m.Batmap, true)
}

func (m *Structure) Walk(f worker.Fields) {
	f.String("name", &m.Name)
	f.Int64("offset", &m.Offset)
	f.Int64("length", &m.Length)
	f.String("state", &m.State)
	f.List("fields", len(m.Fields), func(i int) worker.Message { return &m.Fields[i] })
}

func (m *Field) Walk(f worker.Fields) {
	f.String("name", &m.Name)
	f.String("value", &m.Value)
	f.String("raw", &m.Raw)
	f.Int64("offset", &m.Offset)
	f.Int64("length", &m.Length)
	f.String("note", &m.Note)
}

func (m *Finding) Walk(f worker.Fields) {
	f.String("rule", &m.Rule)
	f.String("severity", &m.Severity)
	f.String("message", &m.Message)
	f.Int64("offset", &m.Offset)
	f.Int64("length", &m.Length)
	f.String("got", &m.Got)
	f.String("want", &m.Want)
}

func (m *ViewRequest) Walk(f worker.Fields) {
	f.Int("disk", &m.Disk)
	f.Int("file", &m.File)
	f.Int64("offset", &m.Offset)
	f.Int64("length", &m.Length)
}

func (m *ExplainRequest) Walk(f worker.Fields) {
	f.Int("disk", &m.Disk)
	f.Int64("offset", &m.Offset)
}

func (m *Explanation) Walk(f worker.Fields) {
	f.Int64("sector", &m.Sector)
	f.List("steps", len(m.Steps), func(i int) worker.Message { return &m.Steps[i] })
}

func (m *Step) Walk(f worker.Fields) {
	f.Int("layer", &m.Layer)
	f.Int("file", &m.File)
	f.String("verdict", &m.Verdict)
	f.String("message", &m.Message)
	f.Int64("block", &m.Block)
	f.Int64("tableEntry", &m.TableEntry)
	f.Int64("bitmapByte", &m.BitmapByte)
	f.Int("bit", &m.Bit)
	f.Int64("source", &m.Source)
	f.Message("problem", m.Problem, m.Problem != nil)
}

func (m *LocateRequest) Walk(f worker.Fields) {
	f.Int("disk", &m.Disk)
	f.Int("file", &m.File)
	f.String("unit", &m.Unit)
	f.Int64("index", &m.Index)
}

func (m *Location) Walk(f worker.Fields) { f.Int64("offset", &m.Offset) }

func (m *ReadRequest) Walk(f worker.Fields) {
	f.Int("disk", &m.Disk)
	f.Int64("offset", &m.Offset)
	f.Int64("length", &m.Length)
}

func (m *Bytes) Walk(f worker.Fields) { f.Any("bytes", &m.Bytes) }

func (m *ExtentsRequest) Walk(f worker.Fields) {
	f.Int("disk", &m.Disk)
	f.Int64("offset", &m.Offset)
	f.Int64("length", &m.Length)
}

func (m *ExtentList) Walk(f worker.Fields) {
	f.List("extents", len(m.Extents), func(i int) worker.Message { return &m.Extents[i] })
}

func (m *CheckBatmapRequest) Walk(f worker.Fields) { f.Int("file", &m.File) }

func (m *BatmapCheck) Walk(f worker.Fields) {
	f.String("state", &m.State)
	f.Int64("marked", &m.Marked)
	f.String("message", &m.Message)
}
