// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A queued call, in a flight recording. */
@Name("io.efirts.Call")
@Label("EFI Runtime Service Call")
@Category("EFI Runtime Services")
@Description("A queued call of an EFI runtime service, made by the worker")
@StackTrace(false)
final class CallEvent extends Event {
  @Label("Service")
  String service;

  @Label("Status")
  String status;

  @Label("Outcome")
  String outcome;

  @Label("Queue Time")
  @Timespan(Timespan.NANOSECONDS)
  long queueTime;

  @Label("Firmware Time")
  @Timespan(Timespan.NANOSECONDS)
  long firmwareTime;
}
