import { describe, expect, test } from 'vitest';
import { nftConditions } from '../../src/trace/nft-condition.ts';
import { mayChangeInput, Ruleset } from '../../src/trace/ruleset.ts';

describe('what nft prints', () => {
  const ruleset = new Ruleset(`table ip nat { # handle 1
	set trusted { # handle 9
		type ipv4_addr
		elements = { 10.0.0.1, 10.0.0.2 }
	}

	chain pre { # handle 1
		type nat hook prerouting priority dstnat; policy accept;
		tcp dport 8080 dnat to 10.72.0.2:80 comment "web" # handle 3
		ip saddr { 10.0.0.1, 10.0.0.2,
			   10.0.0.3 } accept # handle 4
	}
	chain aside { # handle 2
		drop # handle 5
	}
}
table netdev edge { # handle 2
	chain in { # handle 1
		type filter hook ingress devices = { "r0", "r1" } priority filter; policy drop;
	}
}
`);
  test('rules by family, table and handle', () => {
    expect(ruleset.rule('ip', 'nat', 3)).toBe('tcp dport 8080 dnat to 10.72.0.2:80 comment "web"');
    expect(ruleset.rule('ip', 'nat', 4)).toBe('ip saddr { 10.0.0.1, 10.0.0.2, 10.0.0.3 } accept');
    expect(ruleset.rule('ip', 'nat', 5)).toBe('drop');
    expect(ruleset.rule('netdev', 'edge', 3)).toBeUndefined();
  });
  test('chains with their hooks and devices', () => {
    expect(ruleset.chains).toEqual([
      { family: 'ip', table: 'nat', name: 'pre', type: 'nat', hook: 'prerouting', devices: [] },
      { family: 'netdev', table: 'edge', name: 'in', type: 'filter', hook: 'ingress', devices: ['r0', 'r1'] },
    ]);
    expect(ruleset.hookOf('ip', 'nat', 'pre')).toBe('prerouting');
    expect(ruleset.hookOf('ip', 'nat', 'aside')).toBeUndefined();
  });
  test('NAT at one hook may change packets of its version of IP on their way in', () => {
    expect(mayChangeInput(ruleset.chains, 'ip')).toBe(true);
    expect(mayChangeInput(ruleset.chains, 'ip6')).toBe(false);
  });
  test('a chain that filters may change packets at its own hook, of both versions of IP if it is for both', () => {
    const at = (hook: string) => [{ family: 'inet', table: 't', name: 'c', type: 'filter', hook, devices: [] }];
    expect(mayChangeInput(at('input'), 'ip')).toBe(true);
    expect(mayChangeInput(at('input'), 'ip6')).toBe(true);
    expect(mayChangeInput(at('forward'), 'ip')).toBe(false);
  });
});

describe('a capture filter in the words of nft', () => {
  test.each<[string, string[]]>([
    ['', ['']],
    ['tcp', ['meta l4proto tcp']],
    ['host 10.0.0.1', ['ip saddr 10.0.0.1', 'ip daddr 10.0.0.1']],
    ['src net 10.0.0.0/8', ['ip saddr 10.0.0.0/8']],
    ['dst host fd00::1', ['ip6 daddr fd00::1']],
    ['tcp dst port 80', ['meta l4proto tcp th dport 80']],
    [
      'tcp and port 80',
      [
        'meta l4proto tcp meta l4proto { tcp, udp, sctp } th sport 80',
        'meta l4proto tcp meta l4proto { tcp, udp, sctp } th dport 80',
      ],
    ],
    ['icmp or src host 10.0.0.1', ['meta l4proto icmp', 'ip saddr 10.0.0.1']],
    // What nft has no word for matches always: never less than the filter.
    ['not host 10.0.0.1', ['']],
    ['icmp[0] = 8 and src host 10.0.0.1', ['ip saddr 10.0.0.1']],
    ['tcp or vlan 5', ['meta l4proto tcp', '']],
  ])('%s', (expression, conditions) => {
    expect(nftConditions(expression)).toEqual(conditions);
  });
});
