// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * What a call costs, measured in one run beside what it is compared with.
 *
 * <p>Build with {@code mvn -B package}, run with {@code java -jar jmh/target/benchmarks.jar}; add
 * {@code -prof gc} for the allocation rate. Every rival is written as its own authors write it.
 */
package io.efirts.jmh;
