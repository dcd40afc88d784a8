// Launch does for an nginx image without a shell what the official image's entrypoint scripts do with one: it fills in
// the templates from the environment and becomes nginx. As `launch health` it is the image's health check.
package main

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"
)

func main() {
	act := start
	if len(os.Args) == 2 && os.Args[1] == "health" {
		act = health
	}
	if err := act(); err != nil {
		fmt.Fprintln(os.Stderr, "launch:", err)
		os.Exit(1)
	}
}

func start() error {
	resolvers, err := localResolvers("/etc/resolv.conf")
	if err != nil {
		return err
	}
	os.Setenv("NGINX_LOCAL_RESOLVERS", resolvers)
	templates, err := filepath.Glob("/etc/nginx/templates/*.template")
	if err != nil {
		return err
	}
	for _, template := range templates {
		text, err := os.ReadFile(template)
		if err != nil {
			return err
		}
		target := filepath.Join("/tmp", strings.TrimSuffix(filepath.Base(template), ".template"))
		if err := os.WriteFile(target, []byte(expand(string(text))), 0o644); err != nil {
			return err
		}
	}
	return syscall.Exec("/usr/sbin/nginx", []string{"nginx", "-e", "stderr", "-g", "daemon off;"}, os.Environ())
}

var variable = regexp.MustCompile(`\$\{(\w+)\}`)

// expand replaces ${NAME} by the value of each variable that is set, and leaves nginx's own variables alone.
func expand(text string) string {
	return variable.ReplaceAllStringFunc(text, func(match string) string {
		if value, set := os.LookupEnv(match[2 : len(match)-1]); set {
			return value
		}
		return match
	})
}

// localResolvers returns the name servers of a resolv.conf as nginx's `resolver` takes them.
func localResolvers(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	var servers []string
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if words := strings.Fields(lines.Text()); len(words) > 1 && words[0] == "nameserver" {
			server := words[1]
			if strings.Contains(server, ":") {
				server = "[" + server + "]"
			}
			servers = append(servers, server)
		}
	}
	if len(servers) == 0 {
		return "", fmt.Errorf("%s names no name server", path)
	}
	return strings.Join(servers, " "), lines.Err()
}

func health() error {
	connection, err := net.DialTimeout("tcp", "127.0.0.1:8080", time.Second)
	if err != nil {
		return err
	}
	defer connection.Close()
	connection.SetDeadline(time.Now().Add(2 * time.Second))
	fmt.Fprint(connection, "GET /healthz HTTP/1.0\r\n\r\n")
	status, err := bufio.NewReader(connection).ReadString('\n')
	if err == nil && !strings.Contains(status, " 200 ") {
		err = fmt.Errorf("/healthz answered %q", status)
	}
	return err
}
