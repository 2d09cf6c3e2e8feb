package factor

import (
	"fmt"
	"strings"
)

func writeDot(b *strings.Builder, x, y int) { fmt.Fprintf(b, "M%d %dh1v1h-1z", x, y) }

// frame is black on white in every theme: cameras need it.
func frame(size int, path string) string {
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="%s"/></svg>`, size, size, size, size, path)
}
