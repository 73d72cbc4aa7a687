package worker

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

func (m *CancelRequest) Walk(f Fields) { f.Int("target", &m.Target) }

func (m *OpenFile) Walk(f Fields) {
	f.Int("key", &m.Key)
	f.String("name", &m.Name)
	f.Int64("modified", &m.Modified)
	f.Any("file", &m.File)
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
