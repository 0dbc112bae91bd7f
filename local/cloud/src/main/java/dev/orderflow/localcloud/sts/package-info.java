/// STS: `GetCallerIdentity` only.
@NullMarked
package dev.orderflow.localcloud.sts;

import org.jspecify.annotations.NullMarked;
