/// The wire protocols of the AWS SDK and CLI: requests, responses and errors.
@NullMarked
package dev.orderflow.localcloud.wire;

import org.jspecify.annotations.NullMarked;
