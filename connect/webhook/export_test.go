package webhook

// Signature is what a message is signed with.
var Signature = signature
