package fieldnotes

// The map is a bitmap of sixteen colours, written by hand so that its rows
// stand where they stood when it changes.
const (
	mapWidth  = 320
	mapHeight = 200
	mapHeader = 14 + 40 + 16*4
)

// Colours of the map's palette.
const (
	meadow = iota
	meadowDark
	forest
	water
	waterEdge
	floodWater
	road
	ink
	paper
	post
)

var palette = [16][3]byte{ // red, green, blue
	meadow: {0xD6, 0xE4, 0xB8}, meadowDark: {0xC6, 0xD8, 0xA4}, forest: {0x8F, 0xB0, 0x7A},
	water: {0x5B, 0x9B, 0xC8}, waterEdge: {0x3F, 0x78, 0xA6}, floodWater: {0x9C, 0xC4, 0xDC},
	road: {0xE8, 0xD8, 0xA8}, ink: {0x30, 0x34, 0x38}, paper: {0xFF, 0xFF, 0xFF}, post: {0xC8, 0x3C, 0x32},
}

// riverMap draws the valley, with the water at its height if flooded, and
// with or without the post of station 3. The flood touches the lower half.
func riverMap(flooded, station3 bool) []byte {
	b := make([]byte, mapHeader+mapWidth/2*mapHeight)
	copy(b, "BM")
	le.PutUint32(b[2:], uint32(len(b)))
	le.PutUint32(b[10:], mapHeader)
	le.PutUint32(b[14:], 40)
	le.PutUint32(b[18:], mapWidth)
	le.PutUint32(b[22:], mapHeight)
	le.PutUint16(b[26:], 1) // planes
	le.PutUint16(b[28:], 4) // bits a pixel
	le.PutUint32(b[34:], mapWidth/2*mapHeight)
	le.PutUint32(b[46:], 16) // colours
	for i, c := range palette {
		copy(b[54+4*i:], []byte{c[2], c[1], c[0]})
	}
	for y := range mapHeight {
		row := b[mapHeader+(mapHeight-1-y)*mapWidth/2:] // the last row is first
		for x := range mapWidth {
			colour := mapColour(x, y, flooded, station3)
			row[x/2] |= colour << (4 * (1 - x%2))
		}
	}
	return b
}

// stations are where the gauges stand, by the river's left bank.
var stations = [3][2]int{{riverX(36) - 18, 36}, {riverX(96) - 18, 96}, {riverX(164) - 18, 164}}

// riverX is the middle of the river in row y.
func riverX(y int) int { return 150 + y/5 + sine(y*3)*34/1000 }

func mapColour(x, y int, flooded, station3 bool) byte {
	if x < 2 || y < 2 || x >= mapWidth-2 || y >= mapHeight-2 {
		return ink
	}
	for i, at := range stations {
		if i == 2 && !station3 {
			continue
		}
		switch d := max(abs(x-at[0]), abs(y-at[1])); {
		case d < 4:
			return post
		case d < 6:
			return paper
		}
	}
	if bridge := y - (66 + x/40); bridge >= 0 && bridge < 4 {
		return road
	}
	half := 7 + y/40
	fromMiddle := abs(x - riverX(y))
	switch {
	case fromMiddle < half-1:
		return water
	case fromMiddle < half+1:
		return waterEdge
	}
	if reach := (y - 110) / 2; flooded && reach > 0 && fromMiddle < half+min(reach, 30)+sine(y*11)*3/1000 {
		return floodWater
	}
	hill := sine(x*2+y) + sine(y*3-x)
	switch {
	case hill > 1300:
		return forest
	case hill > 300 || (x+2*y)%23 == 0:
		return meadowDark
	}
	return meadow
}

func abs(n int) int { return max(n, -n) }
