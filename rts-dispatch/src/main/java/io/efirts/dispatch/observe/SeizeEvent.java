// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.observe;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** The gate was taken from its owner, in a flight recording. */
@Name("io.efirts.Seize")
@Label("EFI Firmware Gate Seized")
@Category("EFI Runtime Services")
@StackTrace(false)
final class SeizeEvent extends Event {
  @Label("Path")
  String path;
}
