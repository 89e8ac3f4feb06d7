// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * What runs the concurrency tests and hunts mutants with them, and what the tests share.
 *
 * <p>Place in the data path: none. The tests themselves lie in the packages of what they try out;
 * each races two parties of the data path over a fresh gate, call, pool or ring, and grades what
 * they saw of each other.
 */
package io.efirts.stress;
