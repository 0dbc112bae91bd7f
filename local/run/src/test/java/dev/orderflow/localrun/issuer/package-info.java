@NullMarked
package dev.orderflow.localrun.issuer;

import org.jspecify.annotations.NullMarked;
