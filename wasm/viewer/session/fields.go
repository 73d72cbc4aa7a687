package session

// Message is one of the protocol's messages. It shows its fields in order,
// under the names that their js tags give. Messages do so by hand because
// reflection would cost every visitor 10 KB.
type Message interface {
	Walk(f Fields)
}

// Fields is shown the fields of a message, each by the name of its JavaScript
// property and by where it is, to be read or to be filled.
type Fields interface {
	Int(name string, p *int)
	Int64(name string, p *int64)
	String(name string, p *string)
	Bool(name string, p *bool)
	Bytes(name string, p *[]byte)
	Ints(name string, p *[]int)
	Strings(name string, p *[]string)
	Any(name string, p *any) // a Message, or a value of the host's own

	// Message is a message within the message. Where there is none, m is a
	// nil pointer.
	Message(name string, m Message, there bool)

	// List is n messages, to be read only: a list of any message that could
	// also be filled would be generic, and cost as much as reflection.
	List(name string, n int, at func(i int) Message)

	// OpenFiles is the one list of messages that the page sends.
	OpenFiles(name string, p *[]OpenFile)
}

func (m *Request) Walk(f Fields) {
	f.Int("id", &m.ID)
	f.String("command", &m.Command)
	f.Any("value", &m.Value)
}

func (m *Reply) Walk(f Fields) {
	f.Int("id", &m.ID)
	f.String("kind", &m.Kind)
	f.Any("value", &m.Value)
	f.Message("problem", m.Problem, m.Problem != nil)
	f.Int64("done", &m.Done)
	f.Int64("total", &m.Total)
}

func (m *Problem) Walk(f Fields) {
	f.String("code", &m.Code)
	f.String("message", &m.Message)
	f.Int("layer", &m.Layer)
	f.Int64("offset", &m.Offset)
	f.String("file", &m.File)
}

func (m *OpenRequest) Walk(f Fields) { f.OpenFiles("files", &m.Files) }

func (m *OpenFile) Walk(f Fields) {
	f.Int("key", &m.Key)
	f.String("name", &m.Name)
	f.Int64("modified", &m.Modified)
	f.Any("file", &m.File)
}

func (m *CloseRequest) Walk(f Fields) { f.Ints("files", &m.Files) }

func (m *ChooseRequest) Walk(f Fields) {
	f.Int("child", &m.Child)
	f.Int("parent", &m.Parent)
}

func (m *Forest) Walk(f Fields) {
	f.List("files", len(m.Files), func(i int) Message { return &m.Files[i] })
	f.List("disks", len(m.Disks), func(i int) Message { return &m.Disks[i] })
}

func (m *FileInfo) Walk(f Fields) {
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
	f.List("parentNames", len(m.ParentNames), func(i int) Message { return &m.ParentNames[i] })
	f.String("creator", &m.Creator)
	f.String("created", &m.Created)
	f.Int64("geometrySize", &m.GeometrySize)
	f.Message("findings", &m.Findings, true)
}

func (m *ParentName) Walk(f Fields) {
	f.String("origin", &m.Origin)
	f.String("text", &m.Text)
}

func (m *FindingCounts) Walk(f Fields) {
	f.Int("errors", &m.Errors)
	f.Int("warnings", &m.Warnings)
	f.Int("notes", &m.Notes)
}

func (m *DiskInfo) Walk(f Fields) {
	f.Int("id", &m.ID)
	f.String("name", &m.Name)
	f.Int64("size", &m.Size)
	f.Bool("complete", &m.Complete)
	f.List("layers", len(m.Layers), func(i int) Message { return &m.Layers[i] })
	f.Message("missing", m.Missing, m.Missing != nil)
}

func (m *LayerInfo) Walk(f Fields) {
	f.Int("file", &m.File)
	f.String("name", &m.Name)
	f.String("state", &m.State)
	f.Bool("chosen", &m.Chosen)
	f.Strings("evidence", &m.Evidence)
	f.Bool("edit", &m.Edit)
}

func (m *Missing) Walk(f Fields) {
	f.Int("child", &m.Child)
	f.String("reason", &m.Reason)
	f.String("message", &m.Message)
	f.String("uuid", &m.UUID)
	f.List("names", len(m.Names), func(i int) Message { return &m.Names[i] })
	f.List("refused", len(m.Refused), func(i int) Message { return &m.Refused[i] })
}

func (m *Refusal) Walk(f Fields) {
	f.Int("file", &m.File)
	f.String("name", &m.Name)
	f.String("uuid", &m.UUID)
	f.String("reason", &m.Reason)
	f.Bool("usable", &m.Usable)
}

func (m *DetailsRequest) Walk(f Fields) { f.Int("file", &m.File) }

func (m *Details) Walk(f Fields) {
	f.List("structures", len(m.Structures), func(i int) Message { return &m.Structures[i] })
	f.List("findings", len(m.Findings), func(i int) Message { return &m.Findings[i] })
	f.Message("batmap", &m.Batmap, true)
}

func (m *Structure) Walk(f Fields) {
	f.String("name", &m.Name)
	f.Int64("offset", &m.Offset)
	f.Int64("length", &m.Length)
	f.String("state", &m.State)
	f.List("fields", len(m.Fields), func(i int) Message { return &m.Fields[i] })
}

func (m *Field) Walk(f Fields) {
	f.String("name", &m.Name)
	f.String("value", &m.Value)
	f.String("raw", &m.Raw)
	f.Int64("offset", &m.Offset)
	f.Int64("length", &m.Length)
	f.String("note", &m.Note)
}

func (m *Finding) Walk(f Fields) {
	f.String("rule", &m.Rule)
	f.String("severity", &m.Severity)
	f.String("message", &m.Message)
	f.Int64("offset", &m.Offset)
	f.Int64("length", &m.Length)
	f.String("got", &m.Got)
	f.String("want", &m.Want)
}

func (m *ViewRequest) Walk(f Fields) {
	f.Int("disk", &m.Disk)
	f.Int("file", &m.File)
	f.Int64("offset", &m.Offset)
	f.Int64("length", &m.Length)
}

func (m *View) Walk(f Fields) {
	f.Int64("offset", &m.Offset)
	f.Bytes("bytes", &m.Bytes)
	f.List("extents", len(m.Extents), func(i int) Message { return &m.Extents[i] })
	f.List("changed", len(m.Changed), func(i int) Message { return &m.Changed[i] })
}

func (m *Span) Walk(f Fields) {
	f.Int64("offset", &m.Offset)
	f.Int64("length", &m.Length)
}

func (m *Extent) Walk(f Fields) {
	f.Int64("offset", &m.Offset)
	f.Int64("length", &m.Length)
	f.Int("layer", &m.Layer)
	f.Int64("source", &m.Source)
	f.String("state", &m.State)
	f.Message("problem", m.Problem, m.Problem != nil)
}

func (m *ExplainRequest) Walk(f Fields) {
	f.Int("disk", &m.Disk)
	f.Int64("offset", &m.Offset)
}

func (m *Explanation) Walk(f Fields) {
	f.Int64("sector", &m.Sector)
	f.List("steps", len(m.Steps), func(i int) Message { return &m.Steps[i] })
}

func (m *Step) Walk(f Fields) {
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

func (m *LocateRequest) Walk(f Fields) {
	f.Int("disk", &m.Disk)
	f.Int("file", &m.File)
	f.String("unit", &m.Unit)
	f.Int64("index", &m.Index)
}

func (m *Location) Walk(f Fields) { f.Int64("offset", &m.Offset) }

func (m *ReadRequest) Walk(f Fields) {
	f.Int("disk", &m.Disk)
	f.Int64("offset", &m.Offset)
	f.Int64("length", &m.Length)
}

func (m *Bytes) Walk(f Fields) { f.Any("bytes", &m.Bytes) }

func (m *ExtentsRequest) Walk(f Fields) {
	f.Int("disk", &m.Disk)
	f.Int64("offset", &m.Offset)
	f.Int64("length", &m.Length)
}

func (m *ExtentList) Walk(f Fields) {
	f.List("extents", len(m.Extents), func(i int) Message { return &m.Extents[i] })
}

func (m *CheckBatmapRequest) Walk(f Fields) { f.Int("file", &m.File) }

func (m *BatmapCheck) Walk(f Fields) {
	f.String("state", &m.State)
	f.Int64("marked", &m.Marked)
	f.String("message", &m.Message)
}

func (m *CancelRequest) Walk(f Fields) { f.Int("target", &m.Target) }
