/// The wire protocols of the AWS SDK and CLI: what a request is, what an answer is, how an error
/// travels.
@NullMarked
package dev.orderflow.localcloud.wire;

import org.jspecify.annotations.NullMarked;
