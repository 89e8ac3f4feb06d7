// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.testkit.lockstep;

/**
 * One turn of an actor, from one yield to the next.
 *
 * @param actor the actor's name
 * @param from where it went on from: "start", or what it said when it yielded
 */
public record Turn(String actor, String from) {
  /** The actor, and where it went on if it said so. */
  @Override
  public String toString() {
    return from.isEmpty() ? actor : actor + "@" + from;
  }
}
