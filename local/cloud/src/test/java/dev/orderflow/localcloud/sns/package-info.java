/// Tests of SNS with test doubles for the other services.
@NullMarked
package dev.orderflow.localcloud.sns;

import org.jspecify.annotations.NullMarked;
