terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}
# One of each kind, for Terraform to create, read, update and destroy in the local cloud.
variable "endpoint" {}
variable "step" { default = "1" }
provider "aws" {
  region = "us-east-1"
  access_key = "test"
  secret_key = "test"
  s3_use_path_style = true
  skip_credentials_validation = true
  skip_metadata_api_check = true
  endpoints {
    sqs = var.endpoint
    sns = var.endpoint
    sfn = var.endpoint
    s3 = var.endpoint
    cloudwatch = var.endpoint
    events = var.endpoint
    sts = var.endpoint
    ses = var.endpoint
    sesv2 = var.endpoint
    iam = var.endpoint
  }
}
resource "aws_sqs_queue" "bare" { name = "bare" }
resource "aws_sqs_queue" "q" {
  name = "q"
  visibility_timeout_seconds = var.step == "1" ? 30 : 60
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.bare.arn, maxReceiveCount = 3 })
  tags = { step = var.step }
}
resource "aws_sqs_queue_policy" "p" {
  queue_url = aws_sqs_queue.q.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "a", Effect = "Allow", Principal = { Service = "sns.amazonaws.com" }, Action = "sqs:SendMessage", Resource = aws_sqs_queue.q.arn }] })
}
resource "aws_sqs_queue" "fifo" { 
  name = "q.fifo"
  fifo_queue = true
  content_based_deduplication = true
}
resource "aws_sns_topic" "t" {
  name = "t"
  display_name = "step ${var.step}"
  tags = { step = var.step }
}
resource "aws_sns_topic_policy" "tp" {
  arn = aws_sns_topic.t.arn
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "a", Effect = "Allow", Principal = { Service = "events.amazonaws.com" }, Action = "sns:Publish", Resource = aws_sns_topic.t.arn }] })
}
resource "aws_sns_topic_subscription" "s" {
  topic_arn = aws_sns_topic.t.arn
  protocol = "sqs"
  endpoint = aws_sqs_queue.q.arn
  raw_message_delivery = var.step == "1"
  filter_policy = jsonencode({ kind = ["a"] })
}
resource "aws_cloudwatch_event_bus" "b" {
  name = "b"
  tags = { step = var.step }
}
resource "aws_cloudwatch_event_rule" "r" {
  name = "r"
  event_bus_name = aws_cloudwatch_event_bus.b.name
  description = "step ${var.step}"
  event_pattern = jsonencode({ source = ["x"] })
  tags = { step = var.step }
}
resource "aws_cloudwatch_event_target" "t" {
  rule = aws_cloudwatch_event_rule.r.name
  event_bus_name = aws_cloudwatch_event_bus.b.name
  arn = aws_sqs_queue.q.arn
  retry_policy {
    maximum_retry_attempts = 3
    maximum_event_age_in_seconds = 60 * var.step
  }
  dead_letter_config { arn = aws_sqs_queue.bare.arn }
}
resource "aws_cloudwatch_event_archive" "a" {
  name = "a"
  event_source_arn = aws_cloudwatch_event_bus.b.arn
  retention_days = 3
}
resource "aws_cloudwatch_event_connection" "c" {
  name = "c"
  authorization_type = "API_KEY"
  auth_parameters {
    api_key {
      key = "k"
      value = "v"
    }
  }
}
resource "aws_sfn_state_machine" "m" {
  name = "m"
  role_arn = "arn:aws:iam::000000000000:role/r"
  definition = jsonencode({ StartAt = "A", Comment = "step ${var.step}", States = { A = { Type = "Pass", End = true } } })
  publish = true
  tags = { step = var.step }
}
resource "aws_sfn_alias" "live" {
  name = "live"
  routing_configuration {
    state_machine_version_arn = aws_sfn_state_machine.m.state_machine_version_arn
    weight = 100
  }
}
resource "aws_cloudwatch_metric_alarm" "al" {
  alarm_name = "al"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods = 1
  metric_name = "ApproximateNumberOfMessagesVisible"
  namespace = "AWS/SQS"
  period = 60
  statistic = "Maximum"
  threshold = var.step
  dimensions = { QueueName = aws_sqs_queue.q.name }
  alarm_actions = [aws_sns_topic.t.arn]
  tags = { step = var.step }
}
resource "aws_cloudwatch_dashboard" "d" {
  dashboard_name = "d"
  dashboard_body = jsonencode({ widgets = [{ type = "text", x = 0, y = 0, width = 3, height = 3, properties = { markdown = "step ${var.step}" } }] })
}
resource "aws_s3_bucket" "b" {
  bucket = "bucket-of-ours"
  force_destroy = true
  tags = { step = var.step }
}
resource "aws_s3_object" "o" {
  bucket = aws_s3_bucket.b.bucket
  key = "a/b.txt"
  content = "step ${var.step}"
  content_type = "text/plain"
}
resource "aws_s3_bucket_lifecycle_configuration" "l" {
  bucket = aws_s3_bucket.b.bucket
  rule {
    id = "expire"
    status = "Enabled"
    filter { prefix = "a/" }
    expiration { days = 3 }
  }
}
resource "aws_s3_bucket_public_access_block" "p" {
  bucket = aws_s3_bucket.b.bucket
  block_public_acls = true
  block_public_policy = true
  ignore_public_acls = true
  restrict_public_buckets = true
}
resource "aws_s3_bucket_versioning" "v" {
  bucket = aws_s3_bucket.b.bucket
  versioning_configuration { status = "Disabled" }
}
resource "aws_ses_email_identity" "e" { email = "orders@example.com" }
resource "aws_ses_domain_identity" "d" { domain = "example.com" }
resource "aws_sesv2_email_identity" "e2" { email_identity = "post@example.com" }
