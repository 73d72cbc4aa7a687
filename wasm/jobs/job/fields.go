package job

import "vhdscope/wasm/worker"

func (m *CheckRequest) Walk(f worker.Fields) {
	f.Int("disk", &m.Disk)
	f.Int("file", &m.File)
	f.Bool("data", &m.Data)
}

func (m *CheckReport) Walk(f worker.Fields) {
	f.String("name", &m.Name)
	f.Bool("data", &m.Data)
	f.List("layers", len(m.Layers), func(i int) worker.Message { return &m.Layers[i] })
	f.List("findings", len(m.Findings), func(i int) worker.Message { return &m.Findings[i] })
}

func (m *CheckedLayer) Walk(f worker.Fields) {
	f.Int("file", &m.File)
	f.String("name", &m.Name)
	f.Int64("size", &m.Size)
	f.Bool("edit", &m.Edit)
}

func (m *CheckFinding) Walk(f worker.Fields) {
	f.Int("layer", &m.Layer)
	f.Int("file", &m.File)
	f.String("rule", &m.Rule)
	f.String("severity", &m.Severity)
	f.String("message", &m.Message)
	f.Int64("offset", &m.Offset)
	f.Int64("length", &m.Length)
	f.String("got", &m.Got)
	f.String("want", &m.Want)
}

func (m *SaveRequest) Walk(f worker.Fields) {
	f.Int("disk", &m.Disk)
	f.Int("first", &m.First)
	f.Int("last", &m.Last)
	f.String("as", &m.As)
	f.Int64("blockSize", &m.BlockSize)
	f.Int("parent", &m.Parent)
	f.Bool("salvage", &m.Salvage)
	f.Message("to", &m.To, true)
}

func (m *RelinkRequest) Walk(f worker.Fields) {
	f.Int("file", &m.File)
	f.Int("parent", &m.Parent)
	f.String("relative", &m.Relative)
	f.String("absolute", &m.Absolute)
	f.Bool("keepIdentity", &m.KeepIdentity)
	f.Message("to", &m.To, true)
}

func (m *RelinkPreview) Walk(f worker.Fields) {
	f.Message("before", &m.Before, true)
	f.Message("after", &m.After, true)
	f.List("changes", len(m.Changes), func(i int) worker.Message { return &m.Changes[i] })
}

func (m *ParentFields) Walk(f worker.Fields) {
	f.String("uuid", &m.UUID)
	f.String("timestamp", &m.Timestamp)
	f.List("names", len(m.Names), func(i int) worker.Message { return &m.Names[i] })
}

func (m *CreateRequest) Walk(f worker.Fields) {
	f.String("type", &m.Type)
	f.Int64("size", &m.Size)
	f.Int64("blockSize", &m.BlockSize)
	f.Int("parent", &m.Parent)
	f.String("relative", &m.Relative)
	f.String("absolute", &m.Absolute)
	f.Message("to", &m.To, true)
}

func (m *RepairRequest) Walk(f worker.Fields) {
	f.Int("file", &m.File)
	f.Bool("data", &m.Data)
	f.Message("to", &m.To, true)
}

func (m *Repaired) Walk(f worker.Fields) {
	f.Message("saved", &m.Saved, true)
	f.List("left", len(m.Left), func(i int) worker.Message { return &m.Left[i] })
}

func (m *EditRequest) Walk(f worker.Fields) {
	f.Int("disk", &m.Disk)
	f.Int("key", &m.Key)
	f.String("name", &m.Name)
	f.String("store", &m.Store)
}

func (m *Edits) Walk(f worker.Fields) {
	f.Int("key", &m.Key)
	f.Message("forest", &m.Forest, true)
	f.Message("state", &m.State, true)
}

func (m *WriteRequest) Walk(f worker.Fields) {
	f.Int("disk", &m.Disk)
	f.Int64("offset", &m.Offset)
	f.Int64("length", &m.Length)
	f.Bytes("bytes", &m.Bytes)
}

func (m *RevertRequest) Walk(f worker.Fields) {
	f.Int("disk", &m.Disk)
	f.Int64("offset", &m.Offset)
	f.Int64("length", &m.Length)
}

func (m *UndoRequest) Walk(f worker.Fields) {
	f.Int("disk", &m.Disk)
	f.Bool("redo", &m.Redo)
}

func (m *EditState) Walk(f worker.Fields) {
	f.Int64("offset", &m.Offset)
	f.Int64("length", &m.Length)
	f.Int("undo", &m.Undo)
	f.Int("redo", &m.Redo)
	f.Int("forgotten", &m.Forgotten)
	f.Int64("sectors", &m.Sectors)
	f.Message("file", &m.File, true)
}
