/// S3: buckets, objects, multipart uploads, tags and lifecycle rules that expire objects. Objects
/// are kept in memory.
@NullMarked
package dev.orderflow.localcloud.s3;

import org.jspecify.annotations.NullMarked;
