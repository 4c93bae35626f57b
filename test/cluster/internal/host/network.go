package host

import (
	"context"
	"fmt"
	"net"
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

// RemoveLink deletes a network device, if it exists.
func RemoveLink(ctx context.Context, owner process.Owner, name string) error {
	if _, err := net.InterfaceByName(name); err != nil {
		return nil
	}
	return ip(ctx, owner, "link", "del", name)
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
