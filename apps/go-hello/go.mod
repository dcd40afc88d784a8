module stagecraft/go-hello

go 1.27.0
