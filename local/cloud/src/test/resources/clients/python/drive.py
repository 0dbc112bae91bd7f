"""Creates, reads, updates, lists and destroys one of each kind through boto3.

Arguments: the endpoint and a suffix for names. Prints "ok KIND" for each that went through.
"""

import datetime
import gzip
import io
import json
import os
import sys
import time
import urllib.request

import boto3
from botocore.exceptions import ClientError

endpoint, suffix = sys.argv[1:3]


def client(name):
    return boto3.client(
        name,
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def fails(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
    else:
        raise AssertionError("no " + code)


def until(what, holds):
    for _ in range(600):
        value = holds()
        if value:
            return value
        time.sleep(0.1)
    raise AssertionError("never: " + what)


sqs, sns, events = client("sqs"), client("sns"), client("events")
states, cloudwatch, s3, ses = client("stepfunctions"), client("cloudwatch"), client("s3"), client("ses")
role = "arn:aws:iam::000000000000:role/states"

name = "py-queue-" + suffix
queue = sqs.create_queue(QueueName=name, tags={"a": "b"})["QueueUrl"]
attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
assert attributes["VisibilityTimeout"] == "30"
sqs.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "31"})
assert sqs.list_queue_tags(QueueUrl=queue)["Tags"] == {"a": "b"}
assert sqs.list_queues(QueueNamePrefix=name)["QueueUrls"] == [queue]
sqs.send_message(
    QueueUrl=queue,
    MessageBody="x",
    MessageAttributes={"b": {"DataType": "Binary", "BinaryValue": b"\x00\x01"}},
)
message = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20, MessageAttributeNames=["All"])["Messages"][0]
assert message["MessageAttributes"]["b"]["BinaryValue"] == b"\x00\x01"
sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
print("ok queue")

topic = sns.create_topic(Name="py-topic-" + suffix, Tags=[{"Key": "a", "Value": "b"}])["TopicArn"]
sns.set_topic_attributes(TopicArn=topic, AttributeName="DisplayName", AttributeValue="T")
assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["DisplayName"] == "T"
assert sns.list_tags_for_resource(ResourceArn=topic)["Tags"] == [{"Key": "a", "Value": "b"}]
assert topic in [it["TopicArn"] for page in sns.get_paginator("list_topics").paginate() for it in page["Topics"]]
print("ok topic")

arn = attributes["QueueArn"]
subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True)["SubscriptionArn"]
sns.set_subscription_attributes(SubscriptionArn=subscription, AttributeName="RawMessageDelivery", AttributeValue="true")
assert sns.get_subscription_attributes(SubscriptionArn=subscription)["Attributes"]["RawMessageDelivery"] == "true"
assert len(sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]) == 1
sns.publish(TopicArn=topic, Message="published")
assert sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20)["Messages"][0]["Body"] == "published"
sns.unsubscribe(SubscriptionArn=subscription)
sns.delete_topic(TopicArn=topic)
fails("NotFound", sns.get_topic_attributes, TopicArn=topic)
print("ok subscription")

rule, source = "py-rule-" + suffix, "py-" + suffix
target = sqs.create_queue(QueueName="py-target-" + suffix)["QueueUrl"]
pattern = json.dumps({"source": [source]})
events.put_rule(Name=rule, EventPattern=pattern, Tags=[{"Key": "a", "Value": "b"}])
events.put_rule(Name=rule, EventPattern=pattern, Description="changed")
assert events.describe_rule(Name=rule)["Description"] == "changed"
events.put_targets(Rule=rule, Targets=[{"Id": "1", "Arn": arn.replace(name, "py-target-" + suffix)}])
assert len(events.list_targets_by_rule(Rule=rule)["Targets"]) == 1
assert len(events.list_rules(NamePrefix=rule)["Rules"]) == 1
events.put_events(Entries=[{"Source": source, "DetailType": "d", "Detail": '{"a":1}'}])
event = sqs.receive_message(QueueUrl=target, WaitTimeSeconds=20)["Messages"][0]
assert json.loads(event["Body"])["detail"] == {"a": 1}
events.remove_targets(Rule=rule, Ids=["1"])
events.delete_rule(Name=rule)
fails("ResourceNotFoundException", events.describe_rule, Name=rule)
sqs.delete_queue(QueueUrl=target)
sqs.delete_queue(QueueUrl=queue)
fails("AWS.SimpleQueueService.NonExistentQueue", sqs.get_queue_url, QueueName=name)
print("ok rule")


def definition(comment):
    return json.dumps({"Comment": comment, "StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})


machine = states.create_state_machine(
    name="py-machine-" + suffix, definition=definition("1"), roleArn=role, tags=[{"key": "a", "value": "b"}]
)["stateMachineArn"]
states.update_state_machine(stateMachineArn=machine, definition=definition("2"))
assert '"2"' in states.describe_state_machine(stateMachineArn=machine)["definition"]
assert len(states.list_tags_for_resource(resourceArn=machine)["tags"]) == 1
execution = states.start_execution(stateMachineArn=machine, input='{"x":1}')["executionArn"]
until("the execution succeeds", lambda: states.describe_execution(executionArn=execution)["status"] == "SUCCEEDED")
assert len(states.get_execution_history(executionArn=execution)["events"]) >= 4
assert len(states.list_executions(stateMachineArn=machine)["executions"]) == 1
states.delete_state_machine(stateMachineArn=machine)
print("ok workflow")

alarm = "py-alarm-" + suffix
metric = dict(
    AlarmName=alarm,
    Namespace="py",
    MetricName="m",
    Statistic="Sum",
    Period=60,
    EvaluationPeriods=1,
    ComparisonOperator="GreaterThanThreshold",
)
cloudwatch.put_metric_alarm(Threshold=1, Tags=[{"Key": "a", "Value": "b"}], **metric)
cloudwatch.put_metric_alarm(Threshold=2, **metric)
found = cloudwatch.describe_alarms(AlarmNames=[alarm])["MetricAlarms"][0]
assert found["Threshold"] == 2
assert cloudwatch.list_tags_for_resource(ResourceARN=found["AlarmArn"])["Tags"] == [{"Key": "a", "Value": "b"}]
now = datetime.datetime.now(datetime.timezone.utc)
cloudwatch.put_metric_data(
    Namespace="py-" + suffix, MetricData=[{"MetricName": "m", "Value": 3, "Timestamp": now, "Unit": "Count"}]
)
data = cloudwatch.get_metric_statistics(
    Namespace="py-" + suffix,
    MetricName="m",
    StartTime=now - datetime.timedelta(minutes=10),
    EndTime=now + datetime.timedelta(minutes=10),
    Period=60,
    Statistics=["Sum"],
)
assert data["Datapoints"][0]["Sum"] == 3
cloudwatch.delete_alarms(AlarmNames=[alarm])
assert cloudwatch.describe_alarms(AlarmNames=[alarm])["MetricAlarms"] == []
print("ok alarm")

bucket = "py-bucket-" + suffix
s3.create_bucket(Bucket=bucket)
s3.put_object(Bucket=bucket, Key="a b/é", Body=gzip.compress(b"hello"), ContentEncoding="gzip", Metadata={"x": "y"})
got = s3.get_object(Bucket=bucket, Key="a b/é")
assert gzip.decompress(got["Body"].read()) == b"hello" and got["ContentEncoding"] == "gzip"
big = os.urandom(9 * 1024 * 1024)
s3.upload_fileobj(io.BytesIO(big), bucket, "big")
copy = io.BytesIO()
s3.copy({"Bucket": bucket, "Key": "big"}, bucket, "copy")
s3.download_fileobj(bucket, "copy", copy)
assert copy.getvalue() == big
read = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a b/é"})
assert gzip.decompress(urllib.request.urlopen(read).read()) == b"hello"
write = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "presigned"})
urllib.request.urlopen(urllib.request.Request(write, data=b"x", method="PUT"))
pages = list(s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 2}))
keys = [it["Key"] for page in pages for it in page["Contents"]]
assert keys == ["a b/é", "big", "copy", "presigned"] and len(pages) == 2, keys
fails("NoSuchKey", s3.get_object, Bucket=bucket, Key="none")
fails("BucketNotEmpty", s3.delete_bucket, Bucket=bucket)
s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key} for key in keys]})
s3.delete_bucket(Bucket=bucket)
assert bucket not in [it["Name"] for it in s3.list_buckets()["Buckets"]]
print("ok object")

identity = "py-%s@example.org" % suffix
ses.verify_email_identity(EmailAddress=identity)
assert ses.get_identity_verification_attributes(Identities=[identity])["VerificationAttributes"][identity] == {
    "VerificationStatus": "Success"
}
ses.send_email(
    Source=identity,
    Destination={"ToAddresses": ["ada@example.org"]},
    Message={"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}},
)
assert identity in ses.list_identities(IdentityType="EmailAddress")["Identities"]
ses.delete_identity(Identity=identity)
assert identity not in ses.list_identities()["Identities"]
print("ok mail")
