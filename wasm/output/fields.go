package output

import "vhdscope/wasm/worker"

func (m *Target) Walk(f worker.Fields) {
	f.String("name", &m.Name)
	f.Any("handle", &m.Handle)
	f.String("stage", &m.Stage)
}

func (m *Saved) Walk(f worker.Fields) {
	f.Any("blob", &m.Blob)
	f.String("name", &m.Name)
	f.Int64("size", &m.Size)
	f.String("way", &m.Way)
	f.List("lost", len(m.Lost), func(i int) worker.Message { return &m.Lost[i] })
	f.List("changes", len(m.Changes), func(i int) worker.Message { return &m.Changes[i] })
}

func (m *Lost) Walk(f worker.Fields) {
	f.Int64("offset", &m.Offset)
	f.Int64("length", &m.Length)
	f.String("message", &m.Message)
}

func (m *Changed) Walk(f worker.Fields) {
	f.String("rule", &m.Rule)
	f.Int64("offset", &m.Offset)
	f.Int64("length", &m.Length)
	f.String("message", &m.Message)
}
