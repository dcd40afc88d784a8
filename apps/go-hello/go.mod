module stagecraft/go-hello

go 1.27.0

require golang.org/x/net v0.62.0
