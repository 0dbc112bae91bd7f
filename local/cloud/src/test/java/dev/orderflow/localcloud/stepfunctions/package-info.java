@NullMarked
package dev.orderflow.localcloud.stepfunctions;

import org.jspecify.annotations.NullMarked;
