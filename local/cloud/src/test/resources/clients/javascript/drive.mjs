// Creates, reads, updates, lists and destroys one of each kind through the AWS SDK for JavaScript.
// Arguments: the endpoint and a suffix for names. Prints "ok KIND" for each that went through.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import * as sqs from '@aws-sdk/client-sqs';
import * as sns from '@aws-sdk/client-sns';
import * as events from '@aws-sdk/client-eventbridge';
import * as states from '@aws-sdk/client-sfn';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as s3 from '@aws-sdk/client-s3';
import * as ses from '@aws-sdk/client-sesv2';
import { Upload } from '@aws-sdk/lib-storage';

const [endpoint, suffix] = process.argv.slice(2);
const settings = {
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
};
const role = 'arn:aws:iam::000000000000:role/states';

function client(module, name, more = {}) {
  const it = new module[`${name}Client`]({ ...settings, ...more });
  return (command, input = {}) => it.send(new module[`${command}Command`](input));
}

const SQS = client(sqs, 'SQS');
const SNS = client(sns, 'SNS');
const Events = client(events, 'EventBridge');
const States = client(states, 'SFN');
const CloudWatch = client(cloudwatch, 'CloudWatch');
const s3Client = new s3.S3Client({ ...settings, forcePathStyle: true });
const S3 = (command, input = {}) => s3Client.send(new s3[`${command}Command`](input));
const SES = client(ses, 'SESv2');

async function until(what, holds) {
  for (let i = 0; i < 600; i++) {
    const value = await holds();
    if (value) return value;
    await pause(100);
  }
  throw new Error(`never: ${what}`);
}

async function fails(name, call) {
  const error = await call.then(() => null, (e) => e);
  assert.equal(error?.name, name);
}

const queueName = `js-queue-${suffix}`;
const { QueueUrl } = await SQS('CreateQueue', { QueueName: queueName, tags: { a: 'b' } });
const { Attributes } = await SQS('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
assert.equal(Attributes.VisibilityTimeout, '30');
await SQS('SetQueueAttributes', { QueueUrl, Attributes: { VisibilityTimeout: '31' } });
assert.deepEqual((await SQS('ListQueueTags', { QueueUrl })).Tags, { a: 'b' });
assert.deepEqual((await SQS('ListQueues', { QueueNamePrefix: queueName })).QueueUrls, [QueueUrl]);
await SQS('SendMessage', {
  QueueUrl,
  MessageBody: 'x',
  MessageAttributes: { n: { DataType: 'Number.int', StringValue: '3' } },
});
const received = await SQS('ReceiveMessage', {
  QueueUrl,
  WaitTimeSeconds: 20,
  MessageAttributeNames: ['All'],
});
assert.equal(received.Messages[0].MessageAttributes.n.DataType, 'Number.int');
await SQS('DeleteMessage', { QueueUrl, ReceiptHandle: received.Messages[0].ReceiptHandle });
const queueArn = Attributes.QueueArn;
console.log('ok queue');

const { TopicArn } = await SNS('CreateTopic', {
  Name: `js-topic-${suffix}`,
  Tags: [{ Key: 'a', Value: 'b' }],
});
await SNS('SetTopicAttributes', { TopicArn, AttributeName: 'DisplayName', AttributeValue: 'T' });
assert.equal((await SNS('GetTopicAttributes', { TopicArn })).Attributes.DisplayName, 'T');
assert.equal((await SNS('ListTagsForResource', { ResourceArn: TopicArn })).Tags[0].Value, 'b');
assert.ok((await SNS('ListTopics')).Topics.some((it) => it.TopicArn === TopicArn));
console.log('ok topic');

const { SubscriptionArn } = await SNS('Subscribe', {
  TopicArn,
  Protocol: 'sqs',
  Endpoint: queueArn,
  ReturnSubscriptionArn: true,
});
await SNS('SetSubscriptionAttributes', {
  SubscriptionArn,
  AttributeName: 'RawMessageDelivery',
  AttributeValue: 'true',
});
assert.equal(
  (await SNS('GetSubscriptionAttributes', { SubscriptionArn })).Attributes.RawMessageDelivery,
  'true',
);
assert.equal((await SNS('ListSubscriptionsByTopic', { TopicArn })).Subscriptions.length, 1);
await SNS('Publish', { TopicArn, Message: 'published' });
assert.equal(
  (await SQS('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 })).Messages[0].Body,
  'published',
);
await SQS('SetQueueAttributes', { QueueUrl, Attributes: { VisibilityTimeout: '0' } });
await SNS('Unsubscribe', { SubscriptionArn });
await SNS('DeleteTopic', { TopicArn });
await fails('NotFoundException', SNS('GetTopicAttributes', { TopicArn }));
console.log('ok subscription');

const target = (await SQS('CreateQueue', { QueueName: `js-target-${suffix}` })).QueueUrl;
const rule = `js-rule-${suffix}`;
const pattern = JSON.stringify({ source: [`js-${suffix}`] });
await Events('PutRule', { Name: rule, EventPattern: pattern, Tags: [{ Key: 'a', Value: 'b' }] });
await Events('PutRule', { Name: rule, EventPattern: pattern, Description: 'changed' });
const described = await Events('DescribeRule', { Name: rule });
assert.equal(described.Description, 'changed');
assert.equal((await Events('ListTagsForResource', { ResourceARN: described.Arn })).Tags.length, 1);
await Events('PutTargets', {
  Rule: rule,
  Targets: [{ Id: '1', Arn: queueArn.replace(queueName, `js-target-${suffix}`) }],
});
assert.equal((await Events('ListTargetsByRule', { Rule: rule })).Targets.length, 1);
assert.equal((await Events('ListRules', { NamePrefix: rule })).Rules.length, 1);
await Events('PutEvents', {
  Entries: [{ Source: `js-${suffix}`, DetailType: 'd', Detail: '{"a":1}', Time: new Date() }],
});
const event = await SQS('ReceiveMessage', { QueueUrl: target, WaitTimeSeconds: 20 });
assert.deepEqual(JSON.parse(event.Messages[0].Body).detail, { a: 1 });
await fails('ValidationException', Events('DeleteRule', { Name: rule }));
await Events('RemoveTargets', { Rule: rule, Ids: ['1'] });
await Events('DeleteRule', { Name: rule });
await fails('ResourceNotFoundException', Events('DescribeRule', { Name: rule }));
await SQS('DeleteQueue', { QueueUrl: target });
await SQS('DeleteQueue', { QueueUrl });
await fails('QueueDoesNotExist', SQS('GetQueueUrl', { QueueName: queueName }));
console.log('ok rule');

const definition = (comment) =>
  JSON.stringify({ Comment: comment, StartAt: 'A', States: { A: { Type: 'Pass', End: true } } });
const { stateMachineArn } = await States('CreateStateMachine', {
  name: `js-machine-${suffix}`,
  definition: definition('1'),
  roleArn: role,
  tags: [{ key: 'a', value: 'b' }],
});
await States('UpdateStateMachine', { stateMachineArn, definition: definition('2') });
assert.match((await States('DescribeStateMachine', { stateMachineArn })).definition, /"2"/);
assert.equal((await States('ListTagsForResource', { resourceArn: stateMachineArn })).tags.length, 1);
const { executionArn } = await States('StartExecution', { stateMachineArn, input: '{"x":1}' });
const execution = await until('the execution ends', async () => {
  const it = await States('DescribeExecution', { executionArn });
  return it.status === 'RUNNING' ? null : it;
});
assert.equal(execution.output, '{"x":1}');
assert.ok(execution.startDate instanceof Date);
assert.ok((await States('GetExecutionHistory', { executionArn })).events.length >= 4);
assert.equal((await States('ListExecutions', { stateMachineArn })).executions.length, 1);
await States('DeleteStateMachine', { stateMachineArn });
console.log('ok workflow');

const alarm = `js-alarm-${suffix}`;
const metric = {
  AlarmName: alarm,
  Namespace: 'js',
  MetricName: 'm',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  ComparisonOperator: 'GreaterThanThreshold',
};
await CloudWatch('PutMetricAlarm', { ...metric, Threshold: 1, Tags: [{ Key: 'a', Value: 'b' }] });
await CloudWatch('PutMetricAlarm', { ...metric, Threshold: 2 });
const [found] = (await CloudWatch('DescribeAlarms', { AlarmNames: [alarm] })).MetricAlarms;
assert.equal(found.Threshold, 2);
assert.ok(found.StateUpdatedTimestamp instanceof Date);
const tags = await CloudWatch('ListTagsForResource', { ResourceARN: found.AlarmArn });
assert.deepEqual(tags.Tags, [{ Key: 'a', Value: 'b' }]);
await CloudWatch('PutMetricData', {
  Namespace: `js-${suffix}`,
  MetricData: [{ MetricName: 'm', Value: 3, Timestamp: new Date(), Unit: 'Count' }],
});
const data = await CloudWatch('GetMetricStatistics', {
  Namespace: `js-${suffix}`,
  MetricName: 'm',
  StartTime: new Date(Date.now() - 600_000),
  EndTime: new Date(Date.now() + 600_000),
  Period: 60,
  Statistics: ['Sum'],
});
assert.equal(data.Datapoints[0].Sum, 3);
assert.ok(data.Datapoints[0].Timestamp instanceof Date);
await CloudWatch('DeleteAlarms', { AlarmNames: [alarm] });
assert.deepEqual((await CloudWatch('DescribeAlarms', { AlarmNames: [alarm] })).MetricAlarms ?? [], []);
console.log('ok alarm');

const Bucket = `js-bucket-${suffix}`;
await S3('CreateBucket', { Bucket, ACL: 'private' });
const Key = 'a b/é';
await S3('PutObject', { Bucket, Key, Body: 'hello', Metadata: { x: 'y' }, Tagging: 'a=b' });
const got = await S3('GetObject', { Bucket, Key, Range: 'bytes=1-3' });
assert.equal(await got.Body.transformToString(), 'ell');
assert.deepEqual(got.Metadata, { x: 'y' });
for (const ChecksumAlgorithm of ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256']) {
  await S3('PutObject', { Bucket, Key: ChecksumAlgorithm, Body: 'x', ChecksumAlgorithm });
  const head = await S3('HeadObject', { Bucket, Key: ChecksumAlgorithm, ChecksumMode: 'ENABLED' });
  assert.ok(head[`Checksum${ChecksumAlgorithm}`], ChecksumAlgorithm);
}
const big = Buffer.alloc(6 * 1024 * 1024, 'b');
await new Upload({ client: s3Client, params: { Bucket, Key: 'big', Body: big } }).done();
await S3('CopyObject', { Bucket, Key: 'copy', CopySource: `${Bucket}/big` });
const copied = await S3('GetObject', { Bucket, Key: 'copy' });
assert.ok(big.equals(Buffer.from(await copied.Body.transformToByteArray())));
assert.equal((await S3('GetObjectTagging', { Bucket, Key })).TagSet.length, 1);
const listed = await S3('ListObjectsV2', { Bucket });
assert.equal(listed.KeyCount, 8);
assert.ok((await S3('ListBuckets')).Buckets.some((it) => it.Name === Bucket));
await fails('NoSuchKey', S3('GetObject', { Bucket, Key: 'none' }));
await fails('BucketNotEmpty', S3('DeleteBucket', { Bucket }));
await S3('DeleteObjects', {
  Bucket,
  Delete: { Objects: listed.Contents.map((it) => ({ Key: it.Key })) },
});
await S3('DeleteBucket', { Bucket });
await fails('NotFound', S3('HeadBucket', { Bucket }));
console.log('ok object');

const EmailIdentity = `js-${suffix}@example.org`;
await SES('CreateEmailIdentity', { EmailIdentity });
assert.equal((await SES('GetEmailIdentity', { EmailIdentity })).VerifiedForSendingStatus, true);
await SES('SendEmail', {
  FromEmailAddress: EmailIdentity,
  Destination: { ToAddresses: ['ada@example.org'] },
  Content: { Simple: { Subject: { Data: 's' }, Body: { Text: { Data: 't' } } } },
});
const identities = await SES('ListEmailIdentities');
assert.ok(identities.EmailIdentities.some((it) => it.IdentityName === EmailIdentity));
await SES('DeleteEmailIdentity', { EmailIdentity });
await fails('NotFoundException', SES('GetEmailIdentity', { EmailIdentity }));
console.log('ok mail');
