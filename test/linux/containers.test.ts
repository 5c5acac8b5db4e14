import { expect, test } from 'vitest';
import { containerIn } from '../../src/linux/processes.ts';

const ID = '3f4e5d6c7b8a90123f4e5d6c7b8a90123f4e5d6c7b8a90123f4e5d6c7b8a9012';

test.each([
  [`0::/system.slice/docker-${ID}.scope`, 'docker', '3f4e5d6c7b8a'],
  [`12:cpu:/docker/${ID}\n0::/`, 'docker', '3f4e5d6c7b8a'],
  [`0::/machine.slice/libpod-${ID}.scope/container`, 'podman', '3f4e5d6c7b8a'],
  [`0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-${ID}.scope`, 'containerd', '3f4e5d6c7b8a'],
  [`0::/kubepods/besteffort/pod1/${ID}`, 'kubernetes', '3f4e5d6c7b8a'],
  ['0::/lxc.payload.web/init.scope', 'lxc', 'web'],
  ['0::/machine.slice/systemd-nspawn@build.service/payload', 'nspawn', 'build'],
])('the control group %s is of a container', (path, runtime, id) => {
  expect(containerIn(path)).toEqual({ runtime, id });
});
test.each(['0::/', '0::/user.slice/user-0.slice/session-1.scope', ''])('the control group %s is not', (path) => {
  expect(containerIn(path)).toBeUndefined();
});
