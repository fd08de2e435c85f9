import { expect, test } from 'vitest'
import { instructionText } from './instruction.ts'

test.each([
  ['/bin/sh -c #(nop)  CMD ["/bin/bash"]', 'CMD ["/bin/bash"]'],
  ['/bin/sh -c #(nop) ADD file:0b1c in / ', 'ADD file:0b1c in /'],
  ['/bin/sh -c apt-get update && apt-get install -y git', 'RUN apt-get update && apt-get install -y git'],
  ['RUN /bin/sh -c apk add curl # buildkit', 'RUN apk add curl'],
  ['RUN |1 VERSION=3.2 /bin/sh -c make install # buildkit', 'RUN make install'],
  ['|2 A=1 B=two words /bin/bash -c make', 'RUN make'],
  ['RUN /bin/sh -c set -e;\n  make # buildkit', 'RUN set -e;\n  make'],
  ['/bin/bash -o pipefail -c curl x | sh', 'RUN curl x | sh'],
  ['RUN env A=b /bin/sh -c make', 'RUN env A=b /bin/sh -c make'],
  ['COPY dist/ /srv/ # buildkit', 'COPY dist/ /srv/'],
  ['ADD rootfs.tar.xz / # Debian 12.1', 'ADD rootfs.tar.xz / # Debian 12.1'],
  ['RUN ["/usr/bin/true"]', 'RUN ["/usr/bin/true"]'],
  ['bazel build //:image', 'bazel build //:image'],
  ['', ''],
])('%j is shown as %j', (createdBy, text) => {
  expect(instructionText(createdBy)).toBe(text)
})

test('a hostile history costs no more than its length', () => {
  const started = performance.now()
  instructionText(`RUN |1 ${' /bin/sh'.repeat(50_000)}`)
  instructionText(`/bin/sh -c #(nop)${' '.repeat(400_000)}`)
  instructionText(`${' '.repeat(400_000)}x`)
  expect(performance.now() - started).toBeLessThan(1000)
})
