// The worker of the site.

import './own-hosts.js';
import '../worker.js';
