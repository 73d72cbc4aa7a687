import './hex/hex-view.js';
