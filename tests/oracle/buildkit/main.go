// Command oracle answers, a line of JSON for a line of JSON, what BuildKit's own code says of a Dockerfile.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/moby/buildkit/client/llb"
	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
	"github.com/moby/buildkit/frontend/dockerui"
	"github.com/moby/buildkit/solver/pb"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
	"github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
)

type question struct {
	Dockerfile   string            `json:"dockerfile"`
	Target       string            `json:"target"`
	Args         map[string]string `json:"args"`
	Dockerignore string            `json:"dockerignore"`
	Paths        []string          `json:"paths"`
}

type stage struct {
	Name string `json:"name"`
	Base string `json:"base"`
	Line int    `json:"line"`
}

type instruction struct {
	Line    int    `json:"line"`
	EndLine int    `json:"endLine"`
	Keyword string `json:"keyword"`
}

type answer struct {
	Error string `json:"error,omitempty"`
	// First and last line of what is wrong.
	Lines        []int         `json:"lines,omitempty"`
	Stages       []stage       `json:"stages,omitempty"`
	Instructions []instruction `json:"instructions,omitempty"`
	// The digest of the step on a line, all that it builds on included.
	Steps   map[int]string `json:"steps,omitempty"`
	Ignored []bool         `json:"ignored,omitempty"`
}

func main() {
	in := bufio.NewReader(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	decoder := json.NewDecoder(in)
	for {
		var asked question
		if err := decoder.Decode(&asked); err != nil {
			return
		}
		out.Encode(solve(asked))
	}
}

func solve(asked question) (said answer) {
	defer func() {
		if reason := recover(); reason != nil {
			said = answer{Error: fmt.Sprint("panic: ", reason)}
		}
	}()
	platform := ocispecs.Platform{OS: "linux", Architecture: "amd64"}
	caps := pb.Caps.CapSet(pb.Caps.All())
	dt := []byte(asked.Dockerfile)
	state, _, _, _, err := dockerfile2llb.Dockerfile2LLB(context.TODO(), dt, dockerfile2llb.ConvertOpt{
		Config:         dockerui.Config{BuildArgs: asked.Args, Target: asked.Target, Epoch: nil},
		LLBCaps:        &caps,
		TargetPlatform: &platform,
		MetaResolver:   anyImage{},
		SourceMap:      llb.NewSourceMap(nil, "Dockerfile", "Dockerfile", dt),
	})
	if err != nil {
		said.Error = err.Error()
		var located *parser.LocationError
		if errors.As(err, &located) && len(located.Locations) > 0 && len(located.Locations[0]) > 0 {
			ranges := located.Locations[0]
			said.Lines = []int{ranges[0].Start.Line, ranges[len(ranges)-1].End.Line}
		}
		return said
	}
	said.Steps = map[int]string{}
	definition, err := state.Marshal(context.TODO(), llb.Platform(platform))
	if err != nil {
		return answer{Error: err.Error()}
	}
	if source := definition.ToPB().Source; source != nil {
		for _, digest := range slices.Sorted(maps.Keys(source.Locations)) {
			for _, location := range source.Locations[digest].Locations {
				if len(location.Ranges) > 0 {
					said.Steps[int(location.Ranges[0].Start.Line)] += digest
				}
			}
		}
	}
	parsed, err := parser.Parse(strings.NewReader(asked.Dockerfile))
	if err != nil {
		return answer{Error: err.Error()}
	}
	for _, node := range parsed.AST.Children {
		said.Instructions = append(said.Instructions, instruction{node.StartLine, node.EndLine, strings.ToUpper(node.Value)})
	}
	stages, globals, err := instructions.Parse(parsed.AST, nil)
	if err != nil {
		return answer{Error: err.Error()}
	}
	said.Stages = bases(stages, globals, asked, parsed.EscapeToken)
	patterns, err := ignorefile.ReadAll(strings.NewReader(asked.Dockerignore))
	if err != nil {
		return answer{Error: err.Error()}
	}
	if matcher, err := patternmatcher.New(patterns); err == nil {
		for _, path := range asked.Paths {
			said.Ignored = append(said.Ignored, ignores(matcher, strings.Split(path, "/")))
		}
	}
	return said
}

// ignores asks about each folder on the way, as the sender of the build context does.
func ignores(matcher *patternmatcher.PatternMatcher, folders []string) (ignored bool) {
	info := patternmatcher.MatchInfo{}
	for index := range folders {
		ignored, info, _ = matcher.MatchesUsingParentResults(strings.Join(folders[:index+1], "/"), info)
	}
	return ignored
}

// bases fills in what each FROM names, as toDispatchState of dockerfile2llb does.
func bases(stages []instructions.Stage, globals []instructions.ArgCommand, asked question, escape rune) (named []stage) {
	target := asked.Target
	if target == "" {
		target = stages[len(stages)-1].Name
	}
	if target == "" {
		target = "default"
	}
	env := []string{}
	set := func(name, value string) {
		if given, ok := asked.Args[name]; ok {
			value = given
		}
		env = append(env, name+"="+value)
	}
	for _, prefix := range []string{"BUILD", "TARGET"} {
		set(prefix+"PLATFORM", "linux/amd64")
		set(prefix+"OS", "linux")
		set(prefix+"OSVERSION", "")
		set(prefix+"ARCH", "amd64")
		set(prefix+"VARIANT", "")
	}
	set("TARGETSTAGE", target)
	shlex := shell.NewLex(escape)
	for _, command := range globals {
		for _, arg := range command.Args {
			if given, ok := asked.Args[arg.Key]; ok {
				env = append(env, arg.Key+"="+given)
			} else if arg.Value != nil {
				value, _, _ := shlex.ProcessWord(*arg.Value, shell.EnvsFromSlice(env))
				env = append(env, arg.Key+"="+value)
			}
		}
	}
	for _, each := range stages {
		base, _, _ := shlex.ProcessWord(each.BaseName, shell.EnvsFromSlice(env))
		named = append(named, stage{each.Name, base, each.Location[0].Start.Line})
	}
	return named
}

// anyImage knows every image: an empty one.
type anyImage struct{}

func (anyImage) ResolveImageConfig(_ context.Context, ref string, _ sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	return ref, "", []byte(`{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"]}}`), nil
}
