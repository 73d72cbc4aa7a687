module vhdscope

go 1.26.0

require (
	github.com/diskfs/go-diskfs v1.9.4
	golang.org/x/text v0.43.0
	honnef.co/go/js/dom/v2 v2.0.0-20250304181735-b5e52f05e89d
)

require github.com/google/uuid v1.6.0 // indirect
