// Package zap stands in for go.uber.org/zap, which two of the libraries
// import for lines of debugging that nobody reads: with net/http and the rest
// that it brings, half a megabyte of them would go into a visitor's download.
// It has what those libraries use, and does nothing.
package zap

// Config stands for zap's.
type Config struct {
	Level            AtomicLevel
	Development      bool
	Encoding         string
	EncoderConfig    EncoderConfig
	OutputPaths      []string
	ErrorOutputPaths []string
}

// Build returns a logger that does nothing.
func (Config) Build() (*Logger, error) { return &Logger{}, nil }

// AtomicLevel stands for zap's.
type AtomicLevel struct{}

// Level stands for zapcore's.
type Level int8

// DebugLevel is the level of lines of debugging.
const DebugLevel Level = -1

// NewAtomicLevelAt returns a level.
func NewAtomicLevelAt(Level) AtomicLevel { return AtomicLevel{} }

// EncoderConfig stands for zapcore's.
type EncoderConfig struct{}

// NewDevelopmentEncoderConfig returns a configuration of nothing.
func NewDevelopmentEncoderConfig() EncoderConfig { return EncoderConfig{} }

// Logger stands for zap's.
type Logger struct{}

// Sugar returns a logger that does nothing.
func (*Logger) Sugar() *SugaredLogger { return &SugaredLogger{} }

// SugaredLogger stands for zap's.
type SugaredLogger struct{}

// Debug does nothing.
func (*SugaredLogger) Debug(...any) {}

// Debugf does nothing.
func (*SugaredLogger) Debugf(string, ...any) {}

// Warn does nothing.
func (*SugaredLogger) Warn(...any) {}

// Warnf does nothing.
func (*SugaredLogger) Warnf(string, ...any) {}
