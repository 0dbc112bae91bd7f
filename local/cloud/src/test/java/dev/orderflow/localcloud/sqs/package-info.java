@NullMarked
package dev.orderflow.localcloud.sqs;

import org.jspecify.annotations.NullMarked;
