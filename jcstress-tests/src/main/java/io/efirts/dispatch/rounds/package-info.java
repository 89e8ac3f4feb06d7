// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/** Races over the thread that makes the rounds: waking it as it looks around and falls asleep. */
package io.efirts.dispatch.rounds;
