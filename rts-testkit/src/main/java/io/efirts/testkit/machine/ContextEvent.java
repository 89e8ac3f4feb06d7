// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.machine;

/**
 * One time that a {@link ScriptedContext} was entered or left.
 *
 * @param entered true if it was entered, false if it was left
 * @param thread who did it
 * @param depth entries inside which nobody has left yet: counting this one if it was entered, no
 *     longer counting it if it was left
 * @param repairs what had to be repaired, 0 for an entry
 */
public record ContextEvent(boolean entered, Thread thread, int depth, int repairs) {
  /** For messages of failed assertions. */
  @Override
  public String toString() {
    return (entered ? "entered" : "left")
        + " by "
        + thread.getName()
        + " to depth "
        + depth
        + (repairs == 0 ? "" : ", repairs=0x" + Integer.toHexString(repairs));
  }
}
