module vhdscope

go 1.26.0

require (
	github.com/diskfs/go-diskfs v1.9.4
	github.com/klauspost/compress v1.18.5
	github.com/syumai/workers v0.32.0
	github.com/therootcompany/xz v1.0.1
	github.com/ulikunitz/xz v0.5.15
	golang.org/x/text v0.43.0
	honnef.co/go/js/dom/v2 v2.0.0-20250304181735-b5e52f05e89d
	www.velocidex.com/golang/go-ntfs v0.2.1
)

require (
	github.com/Velocidex/ordereddict v0.0.0-20230909174157-2aa49cc5d11d // indirect
	github.com/davecgh/go-spew v1.1.2-0.20180830191138-d8f796af33cc // indirect
	github.com/google/uuid v1.6.0 // indirect
)

replace github.com/Velocidex/ordereddict => ./vhd/volume/internal/ordereddict

replace github.com/davecgh/go-spew => ./vhd/volume/internal/spew

replace github.com/google/uuid => ./vhd/volume/internal/uuid

tool github.com/syumai/workers/cmd/workers-assets-gen
