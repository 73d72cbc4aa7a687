// The worker of the one file.

import './page-reads.js';
import '../worker.js';
