import { ecosystems } from '../ecosystems/index.ts'
import { answerParent } from './child.ts'

// The program is loaded: from here on not even its own files can be read.
process.permission.drop('fs.read')
await answerParent(ecosystems)
