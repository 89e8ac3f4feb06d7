// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Holds {@code docs/promises.md} against the tests that ran. No part of the data path: the build
 * runs {@link io.efirts.promises.PromiseCheck} once, after the tests of all modules.
 */
package io.efirts.promises;
