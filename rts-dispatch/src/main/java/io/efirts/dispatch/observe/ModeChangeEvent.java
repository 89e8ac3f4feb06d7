// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.observe;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A change of mode, in a flight recording. */
@Name("io.efirts.ModeChange")
@Label("EFI Runtime Services Mode Change")
@Category("EFI Runtime Services")
@StackTrace(false)
final class ModeChangeEvent extends Event {
  @Label("From")
  String from;

  @Label("To")
  String to;
}
