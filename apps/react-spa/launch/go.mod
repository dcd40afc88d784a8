module launch

go 1.27
