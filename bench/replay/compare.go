package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/aftercare/aftercare/bench/child"
)

// compare holds what is owed against the payouts and the provider's books.
func compare(ctx context.Context, s *child.Server, w *work, ids map[string]string) error {
	numbers := map[string]string{}
	for number, id := range ids {
		numbers[id] = number
	}
	paid, byKey := map[string]int64{}, map[string]int64{}
	var total int64
	for cursor := ""; ; {
		var page struct {
			Items []struct {
				ID, Order, State, Provider string
				Amount                     struct {
					Minor    int64
					Currency string
				}
			}
			Next string
		}
		if err := s.Call(ctx, "GET", "/v1/payouts?limit=200&cursor="+cursor, nil, &page); err != nil {
			return err
		}
		for _, p := range page.Items {
			if p.State != "succeeded" || p.Provider != "test" || p.Amount.Currency != "GBP" {
				return fmt.Errorf("payout %s is %s by %s in %s", p.ID, p.State, p.Provider, p.Amount.Currency)
			}
			paid[numbers[p.Order]] += p.Amount.Minor
			byKey[p.ID] += p.Amount.Minor
			total += p.Amount.Minor
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	wrong := 0
	for number, owed := range w.owed {
		if paid[number] != owed {
			if wrong++; wrong <= 5 {
				fmt.Printf("order %s: owed %d, paid %d\n", number, owed, paid[number])
			}
		}
		delete(paid, number)
	}
	wrong += len(paid)
	booked, doubles, err := books(filepath.Join(s.Data, "testpay", "journal.jsonl"), byKey)
	if err != nil {
		return err
	}
	fmt.Printf("cases %d, units %d, orders %d, payouts %d\n", len(w.returns), w.units, len(w.owed), len(byKey))
	fmt.Printf("owed £%s, paid £%s, booked by the provider £%s\n", pounds(w.total), pounds(total), pounds(booked))
	fmt.Printf("difference £%s, orders with a difference %d, payments doubled or missing in the journal %d\n", pounds(total-w.total), wrong, doubles)
	if total != w.total || booked != total || wrong+doubles > 0 {
		return fmt.Errorf("the refunds are not what is owed")
	}
	return nil
}

// books sums the provider's journal and counts the keys that it did not pay
// exactly once with the payout's amount.
func books(path string, payouts map[string]int64) (total int64, wrong int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	seen := map[string]int{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var one struct {
			Key, Outcome string
			Minor        int64
		}
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			return 0, 0, fmt.Errorf("%s: %w", path, err)
		}
		if one.Outcome != "paid" {
			continue
		}
		total += one.Minor
		if seen[one.Key]++; seen[one.Key] > 1 || payouts[one.Key] != one.Minor {
			wrong++
		}
	}
	for key := range payouts {
		if seen[key] == 0 {
			wrong++
		}
	}
	return total, wrong, lines.Err()
}

func pounds(pence int64) string {
	sign := ""
	if pence < 0 {
		sign, pence = "-", -pence
	}
	return fmt.Sprintf("%s%d.%02d", sign, pence/100, pence%100)
}
