module github.com/Velocidex/ordereddict

go 1.26.0
