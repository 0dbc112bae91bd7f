/// SNS by itself, with doubles for what is around it.
@NullMarked
package dev.orderflow.localcloud.sns;

import org.jspecify.annotations.NullMarked;
