package volume

import "fmt"

// gptAttributes are the attributes of a partition in words. The first three
// bits mean the same everywhere, the last sixteen what the type says.
func gptAttributes(typeID string, bits uint64) []string {
	var words []string
	for bit := range 64 {
		if bits&(1<<bit) == 0 {
			continue
		}
		word := ""
		switch {
		case bit == 0:
			word = "required"
		case bit == 1:
			word = "ignored by EFI"
		case bit == 2:
			word = "BIOS bootable"
		case bit >= 48:
			word = gptTypeAttributes[attributesOf(typeID)][bit]
		}
		if word == "" {
			word = fmt.Sprintf("bit %d", bit)
		}
		words = append(words, word)
	}
	return words
}

// attributesOf is whose meaning the high bits of a type have.
func attributesOf(typeID string) string {
	switch typeID {
	case "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7", "DE94BBA4-06D1-4D40-A16A-BFD50179D6AC",
		"E3C9E316-0B5C-4DB8-817D-F92DF00215AE", "C12A7328-F81F-11D2-BA4B-00A0C93EC93B":
		return "Windows"
	case "FE3A2A5D-4F32-41A7-B725-ACCC3285A309":
		return "ChromeOS"
	}
	return "Linux"
}

var gptTypeAttributes = map[string]map[int]string{
	// Microsoft, PARTITION_INFORMATION_GPT
	"Windows": {60: "read-only", 61: "shadow copy", 62: "hidden", 63: "no drive letter"},
	// The Discoverable Partitions Specification
	"Linux": {59: "grow file system", 60: "read-only", 63: "no automatic mount"},
	// ChromiumOS disk format: three fields, of which the last is one bit
	"ChromeOS": {56: "started successfully"},
}
