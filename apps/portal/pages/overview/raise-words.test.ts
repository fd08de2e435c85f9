import { expect, test } from 'vitest'
import { gainSentence } from './raise-words.ts'

const gain = (healthyImages: number, healthyRegistries: number, points: number) =>
  gainSentence({ findings: 9, healthyImages, healthyRegistries, points })

test('what turns healthy is told as far as something does, and the points as far as there are any', () => {
  expect(gain(0, 0, 0)).toBe('fewer')
  expect(gain(1, 0, 0)).toBe('fewer; 1 image turns healthy')
  expect(gain(4, 1, 0.5)).toBe('fewer; 4 images and 1 registry turn healthy: +0.5 points')
  expect(gain(4, 2, 0.004)).toBe('fewer; 4 images and 2 registries turn healthy: +under 0.01 points')
})
