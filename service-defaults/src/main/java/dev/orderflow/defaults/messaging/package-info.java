/// How SQS listeners poll: on virtual threads, and never starved by one slow message.
@NullMarked
package dev.orderflow.defaults.messaging;

import org.jspecify.annotations.NullMarked;
