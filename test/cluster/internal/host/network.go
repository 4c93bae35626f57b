package host

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"

	"github.com/kfpperf/kubectl-kfpperf/test/cluster/internal/process"
)

// AddAddress gives the loopback device an address of our own.
func AddAddress(ctx context.Context, owner process.Owner, address string) error {
	if present, err := hasAddress(address); err != nil || present {
		return err
	}
	return ip(ctx, owner, "address", "add", address, "dev", "lo")
}

// RemoveAddress takes the address back.
func RemoveAddress(ctx context.Context, owner process.Owner, address string) error {
	if present, err := hasAddress(address); err != nil || !present {
		return err
	}
	return ip(ctx, owner, "address", "del", address, "dev", "lo")
}

// RemoveBridge deletes a bridge, if it exists, and the devices that lead from it into pods. Those
// would go with the pods' network namespaces, but a namespace stays until the last connection of
// its dead processes has timed out.
func RemoveBridge(ctx context.Context, owner process.Owner, name string) error {
	ports, _ := os.ReadDir(filepath.Join("/sys/class/net", name, "brif"))
	for _, port := range ports {
		if err := removeLink(ctx, owner, port.Name()); err != nil {
			return err
		}
	}
	return removeLink(ctx, owner, name)
}

// removeLink deletes a device that may be going by itself at the same time.
func removeLink(ctx context.Context, owner process.Owner, name string) error {
	if !hasLink(name) {
		return nil
	}
	err := ip(ctx, owner, "link", "del", name)
	if !hasLink(name) {
		return nil
	}
	return err
}

func hasLink(name string) bool {
	_, err := net.InterfaceByName(name)
	return err == nil
}

func hasAddress(address string) (bool, error) {
	lo, err := net.InterfaceByName("lo")
	if err != nil {
		return false, err
	}
	addresses, err := lo.Addrs()
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(addresses, func(a net.Addr) bool { return a.String() == address }), nil
}

func ip(ctx context.Context, owner process.Owner, args ...string) error {
	if _, err := process.Output(ctx, owner, process.Command{Path: "ip", Args: args}); err != nil {
		return fmt.Errorf("ip %v: %w", args, err)
	}
	return nil
}
