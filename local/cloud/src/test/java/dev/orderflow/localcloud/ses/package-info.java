@NullMarked
package dev.orderflow.localcloud.ses;

import org.jspecify.annotations.NullMarked;
