terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}
# One of each kind, for Terraform to create, read, update and destroy in the local cloud.
variable "endpoint" {}
variable "step" { default = "1" }
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  endpoints {
    sqs        = var.endpoint
    sns        = var.endpoint
    sfn        = var.endpoint
    s3         = var.endpoint
    cloudwatch = var.endpoint
    events     = var.endpoint
    sts        = var.endpoint
    ses        = var.endpoint
    sesv2      = var.endpoint
    kms        = var.endpoint
  }
}
resource "aws_sqs_queue" "bare" { name = "bare" }
resource "aws_sqs_queue" "q" {
  name                       = "q"
  visibility_timeout_seconds = var.step == "1" ? 30 : 60
  redrive_policy             = jsonencode({ deadLetterTargetArn = aws_sqs_queue.bare.arn, maxReceiveCount = 3 })
  tags                       = { step = var.step }
}
resource "aws_sqs_queue_policy" "p" {
  queue_url = aws_sqs_queue.q.id
  policy    = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "a", Effect = "Allow", Principal = { Service = "sns.amazonaws.com" }, Action = "sqs:SendMessage", Resource = aws_sqs_queue.q.arn }] })
}
resource "aws_sqs_queue" "fifo" {
  name                        = "q.fifo"
  fifo_queue                  = true
  content_based_deduplication = true
}
resource "aws_sns_topic" "t" {
  name         = "t"
  display_name = "step ${var.step}"
  tags         = { step = var.step }
}
resource "aws_sns_topic_policy" "tp" {
  arn    = aws_sns_topic.t.arn
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "a", Effect = "Allow", Principal = { Service = "events.amazonaws.com" }, Action = "sns:Publish", Resource = aws_sns_topic.t.arn }] })
}
resource "aws_sns_topic_subscription" "s" {
  topic_arn            = aws_sns_topic.t.arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.q.arn
  raw_message_delivery = var.step == "1"
  filter_policy        = jsonencode({ kind = ["a"] })
}
resource "aws_cloudwatch_event_bus" "b" {
  name = "b"
  tags = { step = var.step }
}
resource "aws_cloudwatch_event_rule" "r" {
  name           = "r"
  event_bus_name = aws_cloudwatch_event_bus.b.name
  description    = "step ${var.step}"
  event_pattern  = jsonencode({ source = ["x"] })
  tags           = { step = var.step }
}
resource "aws_cloudwatch_event_target" "t" {
  rule           = aws_cloudwatch_event_rule.r.name
  event_bus_name = aws_cloudwatch_event_bus.b.name
  arn            = aws_sqs_queue.q.arn
  retry_policy {
    maximum_retry_attempts       = 3
    maximum_event_age_in_seconds = 60 * var.step
  }
  dead_letter_config { arn = aws_sqs_queue.bare.arn }
}
resource "aws_cloudwatch_event_archive" "a" {
  name             = "a"
  event_source_arn = aws_cloudwatch_event_bus.b.arn
  retention_days   = 3
}
resource "aws_cloudwatch_event_connection" "c" {
  name               = "c"
  authorization_type = "API_KEY"
  auth_parameters {
    api_key {
      key   = "k"
      value = "v"
    }
  }
}
resource "aws_sfn_state_machine" "m" {
  name       = "m"
  role_arn   = "arn:aws:iam::000000000000:role/r"
  definition = jsonencode({ StartAt = "A", Comment = "step ${var.step}", States = { A = { Type = "Pass", End = true } } })
  publish    = true
  tags       = { step = var.step }
}
resource "aws_sfn_alias" "live" {
  name = "live"
  routing_configuration {
    state_machine_version_arn = aws_sfn_state_machine.m.state_machine_version_arn
    weight                    = 100
  }
}
resource "aws_cloudwatch_metric_alarm" "al" {
  alarm_name          = "al"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "ApproximateNumberOfMessagesVisible"
  namespace           = "AWS/SQS"
  period              = 60
  statistic           = "Maximum"
  threshold           = var.step
  dimensions          = { QueueName = aws_sqs_queue.q.name }
  alarm_actions       = [aws_sns_topic.t.arn]
  tags                = { step = var.step }
}
resource "aws_cloudwatch_dashboard" "d" {
  dashboard_name = "d"
  dashboard_body = jsonencode({ widgets = [{ type = "text", x = 0, y = 0, width = 3, height = 3, properties = { markdown = "step ${var.step}" } }] })
}
resource "aws_s3_bucket" "b" {
  bucket        = "bucket-of-ours"
  force_destroy = true
  tags          = { step = var.step }
}
resource "aws_s3_object" "o" {
  bucket       = aws_s3_bucket.b.bucket
  key          = "a/b.txt"
  content      = "step ${var.step}"
  content_type = "text/plain"
}
resource "aws_s3_bucket_lifecycle_configuration" "l" {
  bucket = aws_s3_bucket.b.bucket
  rule {
    id     = "expire"
    status = "Enabled"
    filter { prefix = "a/" }
    expiration { days = 3 }
  }
}
resource "aws_s3_bucket_public_access_block" "p" {
  bucket                  = aws_s3_bucket.b.bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
resource "aws_s3_bucket_versioning" "v" {
  bucket = aws_s3_bucket.b.bucket
  versioning_configuration { status = "Disabled" }
}
resource "aws_ses_email_identity" "e" { email = "orders@example.com" }
resource "aws_ses_domain_identity" "d" { domain = "example.com" }
resource "aws_sesv2_email_identity" "e2" { email_identity = "post@example.com" }
resource "aws_kms_key" "k" {
  description             = "step ${var.step}"
  deletion_window_in_days = 7
  enable_key_rotation     = var.step == "1"
  tags                    = { step = var.step }
}
resource "aws_kms_key" "k2" {
  policy     = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "a", Effect = "Allow", Principal = { AWS = "arn:aws:iam::000000000000:root" }, Action = "kms:*", Resource = "*" }] })
  is_enabled = var.step == "1"
}
resource "aws_kms_alias" "ka" {
  name          = "alias/orders"
  target_key_id = var.step == "1" ? aws_kms_key.k.key_id : aws_kms_key.k2.key_id
}
resource "aws_sqs_queue" "enc" {
  name                              = "enc"
  kms_master_key_id                 = aws_kms_key.k.key_id
  kms_data_key_reuse_period_seconds = 300 * var.step
  message_retention_seconds         = 86400
}
resource "aws_sqs_queue_redrive_allow_policy" "ra" {
  queue_url            = aws_sqs_queue.bare.id
  redrive_allow_policy = jsonencode({ redrivePermission = "byQueue", sourceQueueArns = [aws_sqs_queue.q.arn] })
}
resource "aws_sns_topic" "enc" {
  name              = "enc"
  kms_master_key_id = aws_kms_key.k.arn
  tracing_config    = "Active"
  delivery_policy   = jsonencode({ http = { defaultHealthyRetryPolicy = { minDelayTarget = 20, maxDelayTarget = 20, numRetries = 3 * var.step, numMaxDelayRetries = 0, numNoDelayRetries = 0, numMinDelayRetries = 0, backoffFunction = "linear" }, disableSubscriptionOverrides = false } })
}
resource "aws_sns_topic_subscription" "dlq" {
  topic_arn           = aws_sns_topic.enc.arn
  protocol            = "sqs"
  endpoint            = aws_sqs_queue.q.arn
  redrive_policy      = jsonencode({ deadLetterTargetArn = aws_sqs_queue.bare.arn })
  filter_policy_scope = "MessageBody"
  filter_policy       = jsonencode({ kind = [{ prefix = "step${var.step}" }] })
}
resource "aws_cloudwatch_event_rule" "def" {
  name          = "on-default"
  event_pattern = jsonencode({ source = ["aws.states"] })
  state         = var.step == "1" ? "ENABLED" : "DISABLED"
}
resource "aws_cloudwatch_event_target" "in" {
  rule = aws_cloudwatch_event_rule.def.name
  arn  = aws_sqs_queue.fifo.arn
  sqs_target { message_group_id = "g${var.step}" }
  input_transformer {
    input_paths    = { a = "$.detail.status" }
    input_template = "{\"status\": <a>, \"step\": ${var.step}}"
  }
}
resource "aws_cloudwatch_event_target" "sfn" {
  rule       = aws_cloudwatch_event_rule.def.name
  arn        = aws_sfn_state_machine.m.arn
  role_arn   = "arn:aws:iam::000000000000:role/r"
  input_path = "$.detail"
}
resource "aws_cloudwatch_event_target" "sns" {
  rule  = aws_cloudwatch_event_rule.def.name
  arn   = aws_sns_topic.t.arn
  input = jsonencode({ step = var.step })
}
resource "aws_cloudwatch_event_connection" "basic" {
  name               = "basic"
  description        = "step ${var.step}"
  authorization_type = "BASIC"
  auth_parameters {
    basic {
      username = "u"
      password = "p${var.step}"
    }
    invocation_http_parameters {
      header {
        key   = "x-one"
        value = "1"
      }
    }
  }
}
resource "aws_sfn_state_machine" "logged" {
  name       = "logged"
  role_arn   = "arn:aws:iam::000000000000:role/r"
  type       = "STANDARD"
  definition = jsonencode({ QueryLanguage = "JSONata", StartAt = "A", States = { A = { Type = "Wait", Seconds = tonumber(var.step), End = true } } })
  tracing_configuration { enabled = var.step == "2" }
  logging_configuration {
    log_destination        = "arn:aws:logs:us-east-1:000000000000:log-group:sfn:*"
    include_execution_data = false
    level                  = "ERROR"
  }
  encryption_configuration {
    type                              = "CUSTOMER_MANAGED_KMS_KEY"
    kms_key_id                        = aws_kms_key.k.arn
    kms_data_key_reuse_period_seconds = 300
  }
}
resource "aws_cloudwatch_metric_alarm" "math" {
  alarm_name          = "math"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  evaluation_periods  = 3
  datapoints_to_alarm = var.step
  threshold           = 1
  treat_missing_data  = "breaching"
  alarm_description   = "step ${var.step}"
  ok_actions          = [aws_sns_topic.t.arn]
  metric_query {
    id          = "e1"
    expression  = "m1 + m2"
    label       = "all"
    return_data = true
  }
  metric_query {
    id = "m1"
    metric {
      metric_name = "A"
      namespace   = "N"
      period      = 60
      stat        = "Sum"
      unit        = "Count"
      dimensions  = { d = "1" }
    }
  }
  metric_query {
    id = "m2"
    metric {
      metric_name = "B"
      namespace   = "N"
      period      = 60
      stat        = "p99"
    }
  }
}
resource "aws_cloudwatch_metric_alarm" "ext" {
  alarm_name                            = "ext"
  comparison_operator                   = "LessThanThreshold"
  evaluation_periods                    = 1
  metric_name                           = "L"
  namespace                             = "N"
  period                                = 300
  extended_statistic                    = "p9${var.step}"
  threshold                             = 1
  evaluate_low_sample_count_percentiles = "ignore"
  actions_enabled                       = false
}
resource "aws_s3_bucket" "two" { bucket = "second-bucket-of-ours" }
resource "aws_s3_bucket_policy" "two" {
  bucket = aws_s3_bucket.two.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "s${var.step}", Effect = "Allow", Principal = { AWS = "arn:aws:iam::000000000000:root" }, Action = ["s3:GetObject"], Resource = "${aws_s3_bucket.two.arn}/*" }] })
}
resource "aws_s3_bucket_server_side_encryption_configuration" "two" {
  bucket = aws_s3_bucket.two.id
  rule {
    apply_server_side_encryption_by_default { sse_algorithm = "AES256" }
  }
}
resource "aws_s3_bucket_ownership_controls" "two" {
  bucket = aws_s3_bucket.two.id
  rule { object_ownership = "BucketOwnerEnforced" }
}
resource "aws_s3_bucket_accelerate_configuration" "two" {
  bucket = aws_s3_bucket.two.id
  status = var.step == "1" ? "Enabled" : "Suspended"
}
resource "aws_s3_bucket_request_payment_configuration" "two" {
  bucket = aws_s3_bucket.two.id
  payer  = "BucketOwner"
}
resource "aws_s3_object" "tagged" {
  bucket             = aws_s3_bucket.two.bucket
  key                = "one"
  content_base64     = base64encode("step ${var.step}")
  cache_control      = "no-store"
  metadata           = { a = "b${var.step}" }
  storage_class      = "STANDARD"
  checksum_algorithm = "SHA256"
  tags               = { step = var.step }
}
resource "aws_s3_object_copy" "copy" {
  # Without it S3 copies the tags, which the plan would then remove.
  tagging_directive = "REPLACE"
  bucket            = aws_s3_bucket.b.bucket
  key               = "copied"
  source            = "${aws_s3_bucket.two.bucket}/${aws_s3_object.tagged.key}"
}
data "aws_caller_identity" "me" {}
data "aws_sqs_queue" "q" { name = aws_sqs_queue.q.name }
data "aws_sns_topic" "t" { name = aws_sns_topic.t.name }
data "aws_cloudwatch_event_bus" "b" { name = aws_cloudwatch_event_bus.b.name }
data "aws_cloudwatch_event_connection" "c" { name = aws_cloudwatch_event_connection.c.name }
data "aws_sfn_state_machine" "m" { name = aws_sfn_state_machine.m.name }
data "aws_sfn_alias" "live" {
  name             = aws_sfn_alias.live.name
  statemachine_arn = aws_sfn_state_machine.m.arn
}
data "aws_s3_bucket" "b" { bucket = aws_s3_bucket.b.bucket }
data "aws_s3_objects" "b" {
  bucket     = aws_s3_bucket.b.bucket
  depends_on = [aws_s3_object.o]
}
data "aws_s3_object" "o" {
  bucket = aws_s3_bucket.b.bucket
  key    = aws_s3_object.o.key
}
data "aws_kms_key" "k" { key_id = aws_kms_alias.ka.name }
data "aws_kms_alias" "ka" { name = aws_kms_alias.ka.name }
